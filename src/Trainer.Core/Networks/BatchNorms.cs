using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>Operations on all batch norms of a network.</summary>
internal static class BatchNorms
{
    /// <summary>
    /// True when the batch norms do nothing, because they were folded into the convolutions before the weights were saved. In training mode
    /// they would normalise values that must not be normalised, and destroy the features.
    /// </summary>
    public static bool AreFolded(EmbeddingNetwork network)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return All(network).All(norm => norm.RunningMean.abs().max().item<float>() == 0
            && norm.Weight.min().item<float>() == 1 && norm.Weight.max().item<float>() == 1);
    }

    /// <summary>Keeps the running statistics unchanged during training; γ and β still learn. <c>train()</c> undoes this.</summary>
    public static void Freeze(EmbeddingNetwork network)
    {
        foreach (var norm in All(network))
        {
            norm.eval();
        }
    }

    /// <summary>The batch norms whose running statistics follow the batches.</summary>
    internal static IEnumerable<BatchNormLayer> Learning(EmbeddingNetwork network) => All(network).Where(norm => norm.training);

    /// <summary>
    /// Takes out of the running statistics the 0 and 1 that they started from; call once, after the first training step from random
    /// weights.
    /// </summary>
    /// <remarks>
    /// The running statistics are moving averages with decay 0.9 that start at mean 0 and variance 1, but the variances of a new network
    /// are far smaller. For about a hundred steps the initial 1 dominates, and in evaluation all pictures look the same: a short run would
    /// give a useless gate.
    /// </remarks>
    public static void ResetRunningStatistics(EmbeddingNetwork network)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using Scalar momentum = BatchNormLayer.Momentum, rest = 1 - BatchNormLayer.Momentum;
        foreach (var norm in All(network))
        {
            norm.RunningMean.div_(momentum);
            norm.RunningVariance.sub_(rest).div_(momentum);
        }
    }

    private static IEnumerable<BatchNormLayer> All(EmbeddingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.named_modules().Select(m => m.module).OfType<BatchNormLayer>();
    }
}
