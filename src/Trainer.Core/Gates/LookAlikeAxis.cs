using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Trainer.Core.Gates;

/// <summary>
/// The direction in feature space from the subject's photos to known look-alikes: Fisher's discriminant (1936), regularised so that few
/// photos are enough.
/// </summary>
/// <remarks>
/// It becomes one more row of the <see cref="ClosedFormHead"/>, which leaves out its least important direction for it. Measured in
/// docs/decisions/0027.
/// </remarks>
/// <param name="Direction">w, [F]: w · (f − m) is 0 for the subject's mean and 1 for the look-alikes' mean.</param>
/// <param name="Offset">−w · m.</param>
internal sealed record LookAlikeAxis(float[] Direction, double Offset)
{
    private const double Shrinkage = 0.1;
    private const double Margin = 0.5; // how far the axis starts beyond the subject's mean, on the side away from the look-alikes

    private static readonly Scalar Half = 0.5; // held in a field: docs/decisions/0006
    private static readonly Scalar One = 1;

    /// <summary>Computes the axis from the subject to the look-alikes.</summary>
    /// <param name="mean">m, the mean of the subject's features, [F].</param>
    /// <param name="covariance">The subject's covariance including its views, [F, F], before shrinkage.</param>
    /// <param name="count">How many photos of the subject there are.</param>
    /// <param name="lookAlikes">Features of the look-alikes, at least one.</param>
    public static LookAlikeAxis Of(Tensor mean, Tensor covariance, long count, FeatureSums lookAlikes)
    {
        using var scope = NewDisposeScope();
        using Scalar photos = 0.5 / lookAlikes.Count;
        var away = lookAlikes.Mean().sub(mean); // [F]
        // Both sides have equal weight.
        var within = covariance.mul(Half).add_(lookAlikes.ScatterAbout(lookAlikes.Mean()).mul_(photos), One);
        using Scalar ridge = Math.Max(Shrinkage * within.trace().item<double>() / (count + lookAlikes.Count), 1e-12);
        within.diagonal().add_(ridge, One);
        var direction = linalg.solve(within, away.unsqueeze(1)).squeeze(1);
        using Scalar length = Math.Max(direction.dot(away).item<double>(), 1e-12);
        direction.div_(length);
        return new(direction.to(ScalarType.Float32).data<float>().ToArray(), -direction.dot(mean).item<double>());
    }

    /// <summary>A picture's position on the axis: 1 for the look-alikes' mean, and a third of that for the subject's mean.</summary>
    /// <param name="features">F values.</param>
    public double Place(ReadOnlySpan<float> features) => (TensorPrimitives.Dot(features, Direction) + Offset + Margin) / (1 + Margin);

    /// <summary>The head with this axis as one more row.</summary>
    /// <param name="weight">The factor from a position on the axis to a distance.</param>
    public ClosedFormHead PutInto(ClosedFormHead head, double weight)
    {
        var scale = weight / (1 + Margin);
        var row = new float[Direction.Length];
        TensorPrimitives.Multiply(Direction, (float)scale, row);
        return head with { Weights = [.. head.Weights, .. row], Bias = [.. head.Bias, (float)(scale * (Offset + Margin))] };
    }
}
