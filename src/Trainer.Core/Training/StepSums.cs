using System.Runtime.InteropServices;
using TorchSharp;
using Trainer.Core.Networks;
using Trainer.Core.Ranks;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>What all chunks of a step came to.</summary>
/// <param name="Loss">The mean over its pictures; no number when it had none.</param>
/// <param name="Chunks">Whole chunks that its pictures make up.</param>
/// <param name="Stops">True when one of the ranks was asked to stop.</param>
internal readonly record struct StepTotal(float Loss, float Chunks, bool Stops);

/// <summary>Makes one step of several chunks, on one rank or many: adds up their gradients, and what batch norms learned of each, in a
/// fixed tree.</summary>
/// <remarks>
/// Each chunk counts by its pictures: one that can't be read makes its chunk smaller, and moves no other. Batch norms see a chunk at a
/// time, all of a step's from the same running statistics, and go on from the mean. Everything travels in one row of numbers: gradients,
/// statistics, then how much it counts, the loss, and the wish to stop.
/// </remarks>
internal sealed class StepSums : IDisposable
{
    private const int Figures = 3; // weight, loss, stop

    private readonly bool isWhole; // one chunk on one rank is its own sum, and lies where it belongs
    private readonly Tensor[] gradients;
    private readonly Tensor[] statistics;
    private readonly Tensor[] counters;
    private readonly Tensor[] before; // statistics and counters at the step's beginning
    private readonly RankSum overRanks;
    private readonly long length;
    private TreeSum<Tensor> tree = NewTree();
    private StepTotal only;

    /// <summary>For the steps of an epoch.</summary>
    /// <param name="gradients">Of all that learns; a backward pass adds to them. Not disposed here.</param>
    /// <param name="network">Whose batch norms may be in training mode.</param>
    /// <param name="chunks">In a step, on all ranks.</param>
    public StepSums(IEnumerable<Tensor> gradients, EmbeddingNetwork network, int chunks, ICommunicator ranks)
    {
        this.gradients = [.. gradients];
        isWhole = chunks == 1;
        var norms = BatchNorms.Learning(network).ToArray();
        statistics = [.. norms.SelectMany(norm => new[] { norm.RunningMean, norm.RunningVariance })];
        counters = [.. norms.Select(norm => norm.BatchesSeen)];
        before = [.. statistics.Concat(counters).Select(tensor => tensor.detach().clone().DetachFromDisposeScope())];
        // slices for any number of ranks
        length = (this.gradients.Concat(statistics).Sum(tensor => tensor.numel()) + Figures + chunks - 1) / chunks * chunks;
        overRanks = new RankSum(ranks, (int)length);
    }

    /// <summary>From now on the batch norms' statistics as they are now are those that each chunk starts from; call after each step's
    /// update.</summary>
    public void Begin() => CopyEach([.. statistics, .. counters], before);

    /// <summary>Takes in a chunk: its gradients, which are zero afterwards, and what its batch norms learned, which is undone.</summary>
    /// <param name="loss">Its mean loss; of no matter when the chunk is empty.</param>
    /// <param name="weight">Its share of a whole chunk's pictures, 0 to 1.</param>
    public void Add(float loss, float weight)
    {
        if (isWhole)
        {
            only = new(loss, weight, Stops: false);
            return;
        }

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using Scalar scale = weight;
        var row = zeros(length);
        var offset = 0L;
        foreach (var tensor in weight > 0 ? gradients.Concat(statistics) : [])
        {
            row.narrow(0, offset, tensor.numel()).copy_(tensor.flatten());
            offset += tensor.numel();
        }

        if (weight is > 0 and < 1)
        {
            row.mul_(scale);
        }

        var figures = Of(row)[^Figures..];
        (figures[0], figures[1], figures[2]) = (weight, weight > 0 ? loss * weight : 0, 0);
        Array.ForEach(gradients, gradient => gradient.zero_());
        CopyEach(before, [.. statistics, .. counters]);
        tree.Add(row.DetachFromDisposeScope());
    }

    /// <summary>Ends the step: puts the mean gradients of all ranks where a backward pass would, and the mean statistics into the batch
    /// norms.</summary>
    /// <param name="stops">True when this rank is asked to stop.</param>
    public StepTotal Finish(bool stops)
    {
        if (isWhole)
        {
            return only with { Stops = stops };
        }

        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var sum = tree.Total;
        tree = NewTree();
        var numbers = Of(sum);
        numbers[^1] = stops ? 1 : 0;
        overRanks.Apply(numbers);
        var (weight, loss, stopping) = (numbers[^3], numbers[^2], numbers[^1]);
        if (weight > 0)
        {
            using Scalar count = weight;
            sum.div_(count);
            var offset = 0L;
            foreach (var tensor in gradients.Concat(statistics))
            {
                tensor.copy_(sum.narrow(0, offset, tensor.numel()).view(tensor.shape));
                offset += tensor.numel();
            }
        }

        Array.ForEach(counters, counter => counter.add_(One));
        return new(loss / weight, weight, stopping > 0);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(before, tensor => tensor.Dispose());

    private static TreeSum<Tensor> NewTree() => new((earlier, later) =>
    {
        using (later)
        {
            return earlier.add_(later, One);
        }
    });

    private static readonly Scalar One = 1; // held: docs/decisions/0006

    private static Span<float> Of(Tensor row) => MemoryMarshal.Cast<byte, float>(row.bytes);

    private static void CopyEach(Tensor[] from, Tensor[] to)
    {
        using var _ = no_grad();
        foreach (var (source, target) in from.Zip(to))
        {
            target.copy_(source);
        }
    }
}
