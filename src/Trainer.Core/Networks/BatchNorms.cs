using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>What the batch norms of a network hold, and whether they learn.</summary>
internal static class BatchNorms
{
    /// <summary>
    /// True when they do nothing: somebody folded them into the convolutions before writing the weights. In training mode they
    /// would normalise what was never normalised, and destroy the features.
    /// </summary>
    public static bool AreFolded(EmbeddingNetwork network)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return All(network).All(norm => norm.RunningMean.abs().max().item<float>() == 0
            && norm.Weight.min().item<float>() == 1 && norm.Weight.max().item<float>() == 1);
    }

    /// <summary>Keeps their statistics as they are while the rest trains; their weights still learn. Undone by <c>train()</c>.</summary>
    public static void Freeze(EmbeddingNetwork network)
    {
        foreach (var norm in All(network))
        {
            norm.eval();
        }
    }

    /// <summary>Those whose statistics follow what they see.</summary>
    internal static IEnumerable<BatchNormLayer> Learning(EmbeddingNetwork network) => All(network).Where(norm => norm.training);

    /// <summary>Takes out of the running statistics the 0 and 1 that they started from; call once, after the first training step from random weights.</summary>
    /// <remarks>
    /// They are averages with decay 0.9 that started at mean 0 and variance 1, while a fresh network's real variances are far smaller. For a
    /// hundred steps that 1 drowns them, and in evaluation all pictures look the same: a short run would end with a gate worth nothing.
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
