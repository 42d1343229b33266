using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>A running average of the weights over the last steps: steadier than the weights of any one step, and the better gate.</summary>
/// <remarks>Polyak and Juditsky 1992; with a growing decay at the start, as Mean Teacher has it (Tarvainen and Valpola 2017).</remarks>
public sealed class WeightAverage : IDisposable
{
    private readonly Tensor[] live;
    private readonly Tensor[] averages;
    private readonly double decay;

    /// <summary>Starts from the tensors as they are.</summary>
    /// <param name="live">What training changes: rows of parameters, running statistics.</param>
    /// <param name="decay">0 to below 1; 0.99 averages over about the last 100 steps.</param>
    public WeightAverage(IEnumerable<Tensor> live, double decay)
    {
        using var _ = no_grad();
        this.live = [.. live.Where(t => t.is_floating_point())];
        this.decay = decay;
        averages = [.. this.live.Select(t => t.detach().clone().DetachFromDisposeScope())];
    }

    /// <summary>Takes in the weights after a step.</summary>
    /// <param name="step">0-based.</param>
    public void Update(int step)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var share = Math.Min(decay, (1.0 + step) / (10 + step));
        using Scalar old = share, current = 1 - share;
        for (var i = 0; i < live.Length; i++)
        {
            averages[i].mul_(old).add_(live[i], current);
        }
    }

    /// <summary>Puts the averages into the network, and the live weights back when the result is disposed.</summary>
    public IDisposable Use()
    {
        Swap();
        return new Back(this);
    }

    /// <summary>What isn't in the network at the moment: while averages are in use, the live weights, in the order they were given.</summary>
    public IReadOnlyList<Tensor> Others => averages;

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(averages, a => a.Dispose());

    private void Swap()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < live.Length; i++)
        {
            var kept = live[i].clone();
            live[i].copy_(averages[i]);
            averages[i].copy_(kept);
        }
    }

    private sealed class Back(WeightAverage average) : IDisposable
    {
        private bool isBack;

        public void Dispose()
        {
            if (!isBack)
            {
                average.Swap();
                isBack = true;
            }
        }
    }
}
