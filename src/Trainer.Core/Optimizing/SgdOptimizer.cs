using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Stochastic gradient descent with momentum, as PyTorch computes it: v ← μv + g + λw, w ← w − ηv.</summary>
/// <remarks>
/// It is our own, because TorchSharp 0.107 may free a scalar while libtorch still reads it, also in its optimizers: docs/decisions/0006.
/// For the same reason a using statement holds each scalar here.
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
