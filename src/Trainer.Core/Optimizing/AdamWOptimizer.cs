using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Adam with decoupled weight decay, as PyTorch computes it.</summary>
/// <remarks>
/// Loshchilov and Hutter 2019, algorithm 2, <see href="https://arxiv.org/abs/1711.05101"/>; β₁ 0.9, β₂ 0.999, ε 1e-8.
/// Ours for the reason that <see cref="SgdOptimizer"/> gives.
/// </remarks>
/// <param name="parameters">Not disposed here.</param>
/// <param name="weightDecay">λ, at least 0; multiplied by the rate.</param>
internal sealed class AdamWOptimizer(FlatParameters parameters, double weightDecay) : IOptimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Tensor mean = zeros_like(parameters.Values);
    private readonly Tensor square = zeros_like(parameters.Values);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor> { ["mean"] = mean, ["square"] = square };

    /// <inheritdoc/>
    public void Step(int step, double rate)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (meanBias, squareBias) = (1 - Math.Pow(Beta1, step + 1), 1 - Math.Pow(Beta2, step + 1));
        using Scalar one = 1, keep = 1 - (rate * weightDecay), beta1 = Beta1, beta2 = Beta2, rest1 = 1 - Beta1, rest2 = 1 - Beta2;
        using Scalar rootOfBias = Math.Sqrt(squareBias), epsilon = Epsilon, minusRate = -rate / meanBias;
        var gradients = parameters.Gradients;
        parameters.Values.mul_(keep);
        mean.mul_(beta1).add_(gradients, rest1);
        square.mul_(beta2).addcmul_(gradients, gradients, rest2);
        var spread = square.sqrt().div_(rootOfBias).add_(epsilon, one);
        parameters.Values.addcdiv_(mean, spread, minusRate);
        gradients.zero_();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mean.Dispose();
        square.Dispose();
    }
}
