using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>What the batch norms of a network hold, and whether they learn.</summary>
public static class BatchNorms
{
    /// <summary>
    /// True when they do nothing: somebody folded them into the convolutions before writing the weights. In training mode they
    /// would normalise what was never normalised, and destroy the features.
    /// </summary>
    public static bool AreFolded(EmbeddingNetwork network)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return All(network).All(norm => norm.running_mean is { } mean && norm.weight is { } weight
            && mean.abs().max().item<float>() == 0 && weight.min().item<float>() == 1 && weight.max().item<float>() == 1);
    }

    /// <summary>Keeps their statistics as they are while the rest trains; their weights still learn. Undone by <c>train()</c>.</summary>
    public static void Freeze(EmbeddingNetwork network)
    {
        foreach (var norm in All(network))
        {
            norm.eval();
        }
    }

    /// <summary>Takes out of the running statistics the 0 and 1 that they started from; call once, after the first training step from random weights.</summary>
    /// <remarks>
    /// They are averages with decay 0.9 that started at mean 0 and variance 1, while a fresh network's real variances are far smaller. For a
    /// hundred steps that 1 drowns them, and in evaluation all pictures look the same: a short run would end with a gate worth nothing.
    /// </remarks>
    public static void ForgetStart(EmbeddingNetwork network)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using Scalar momentum = Momentum, rest = 1 - Momentum;
        foreach (var norm in All(network))
        {
            norm.running_mean?.div_(momentum);
            norm.running_var?.sub_(rest).div_(momentum);
        }
    }

    private const double Momentum = 0.1; // torch's default, which the network is built with

    private static IEnumerable<BatchNorm2d> All(EmbeddingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.named_modules().Select(m => m.module).OfType<BatchNorm2d>();
    }
}
