using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

/// <summary>Computes gradients by finite differences, moving each number a little up and down.</summary>
internal static class SmallSteps
{
    private const double Step = 1e-6;
    private const double Tolerance = 1e-6;

    /// <summary>Runs the loss backward, and checks the gradient of every number of the tensors, all float64.</summary>
    public static void AgreeWithBackward(Func<Tensor> loss, params Tensor[] tensors)
    {
        using var scope = NewDisposeScope();
        loss().backward();
        foreach (var values in tensors)
        {
            Assert.NotNull(values.grad);
            var analytic = values.grad.data<double>().ToArray();
            Assert.Contains(analytic, gradient => Math.Abs(gradient) > 1e-3);
            using var _ = no_grad();
            var flat = values.view(-1);
            for (var i = 0; i < analytic.Length; i++)
            {
                var value = flat[i].item<double>();
                flat[i] = value + Step;
                var above = loss().item<double>();
                flat[i] = value - Step;
                var below = loss().item<double>();
                flat[i] = value;
                Assert.Equal((above - below) / (2 * Step), analytic[i], Tolerance);
            }
        }
    }

    /// <summary>The cosine, computed by a loop.</summary>
    public static double Cosine(double[] a, double[] b)
    {
        double dot = 0, lengthA = 0, lengthB = 0;
        for (var d = 0; d < a.Length; d++)
        {
            dot += a[d] * b[d];
            lengthA += a[d] * a[d];
            lengthB += b[d] * b[d];
        }

        return dot / Math.Sqrt(lengthA) / Math.Sqrt(lengthB);
    }

    public static double[] Numbers(this Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    public static void AssertFinite(Tensor? values)
    {
        Assert.NotNull(values);
        Assert.All(values.Numbers(), value => Assert.True(double.IsFinite(value), $"{value}"));
    }
}
