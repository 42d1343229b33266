using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Stochastic gradient descent with momentum, as PyTorch computes it: v ← μv + g + λw, w ← w − ηv.</summary>
/// <remarks>
/// Ours, because TorchSharp 0.107 may free a number while libtorch still reads it, in its optimizers too: docs/decisions/0006.
/// Hence each number here is held by a using.
/// </remarks>
/// <param name="parameters">Not disposed here.</param>
/// <param name="momentum">μ, 0 to below 1.</param>
/// <param name="weightDecay">λ, at least 0.</param>
internal sealed class SgdOptimizer(FlatParameters parameters, double momentum, double weightDecay) : IOptimizer
{
    private readonly Tensor velocity = zeros_like(parameters.Values);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor> { ["velocity"] = velocity };

    /// <inheritdoc/>
    public void Step(int step, double rate)
    {
        using var _ = no_grad();
        using Scalar one = 1, mu = momentum, lambda = weightDecay, minusEta = -rate;
        parameters.Gradients.add_(parameters.Values, lambda);
        velocity.mul_(mu).add_(parameters.Gradients, one);
        parameters.Values.add_(velocity, minusEta);
        parameters.Gradients.zero_();
    }

    /// <inheritdoc/>
    public void Dispose() => velocity.Dispose();
}
