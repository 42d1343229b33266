using System.Numerics.Tensors;

namespace Trainer.Core.Kernels;

/// <summary>Memory for the gradient sums of a convolution.</summary>
/// <remarks>
/// Each group of pixels has its own sums, which are added at the end in a fixed order, so results never depend on the threads.
/// </remarks>
/// <param name="weights">[groups, size].</param>
/// <param name="constants">[groups, outputs].</param>
internal readonly unsafe struct GradientSums(float* weights, float* constants, int groups, int size, int outputs)
{
    /// <summary>How many groups there are, at least 1.</summary>
    public int Groups => groups;

    /// <summary>A group's sums for the weights, [size].</summary>
    public float* Weights(int group) => weights + ((nint)group * size);

    /// <summary>A group's sums for the constants, [outputs].</summary>
    public float* Constants(int group) => constants + ((nint)group * outputs);

    /// <summary>Sets a group's sums for the weights to 0.</summary>
    public void Clear(int group) => new Span<float>(Weights(group), size).Clear();

    /// <summary>The sums of one group.</summary>
    public GradientSums Only(int group) => new(Weights(group), Constants(group), 1, size, outputs);

    /// <summary>Adds all groups' sums to the first group's.</summary>
    public void Join(ThreadTeam team)
    {
        const int InTask = 16 * 1024;
        var self = this;
        team.Run((size + InTask - 1) / InTask, (task, _) =>
        {
            var first = task * InTask;
            self.Join(self.Weights(0) + first, self.Weights, first, Math.Min(InTask, self.Size - first));
        });
        Join(Constants(0), Constants, 0, outputs);
    }

    private int Size => size;

    private delegate float* Place(int group);

    private void Join(float* into, Place place, int first, int count)
    {
        var sums = new Span<float>(into, count);
        for (var group = 1; group < groups; group++)
        {
            TensorPrimitives.Add(sums, new ReadOnlySpan<float>(place(group) + first, count), sums);
        }
    }
}
