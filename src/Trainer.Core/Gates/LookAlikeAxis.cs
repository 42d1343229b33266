using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Trainer.Core.Gates;

/// <summary>One direction of the features, from the subject's photos to known look-alikes: Fisher's discriminant (1936), shrunk so that few photos are enough.</summary>
/// <remarks>One more row of the <see cref="ClosedFormHead"/>, which gives up its least direction for it. Measured in docs/decisions/0027.</remarks>
/// <param name="Direction">w, [F]: w · (f − m) is 0 at the mean photo of the subject and 1 at the mean look-alike.</param>
/// <param name="Offset">−w · m.</param>
internal sealed record LookAlikeAxis(float[] Direction, double Offset)
{
    private const double Shrinkage = 0.1;
    private const double Margin = 0.5; // the end of the axis lies as far beyond the mean photo: nothing is nearer for being unlike the look-alikes

    private static readonly Scalar Half = 0.5; // held: docs/decisions/0006
    private static readonly Scalar One = 1;

    /// <summary>The axis between the means.</summary>
    /// <param name="mean">m of the subject, [F].</param>
    /// <param name="covariance">Of the subject, views among it, [F, F], before it is shrunk.</param>
    /// <param name="count">Photos of the subject.</param>
    /// <param name="lookAlikes">At least one.</param>
    public static LookAlikeAxis Of(Tensor mean, Tensor covariance, long count, FeatureSums lookAlikes)
    {
        using var scope = NewDisposeScope();
        using Scalar photos = 0.5 / lookAlikes.Count;
        var away = lookAlikes.Mean().sub(mean);                                                                                // [F]
        var within = covariance.mul(Half).add_(lookAlikes.ScatterAbout(lookAlikes.Mean()).mul_(photos), One);                  // both sides count alike
        using Scalar ridge = Math.Max(Shrinkage * within.trace().item<double>() / (count + lookAlikes.Count), 1e-12);
        within.diagonal().add_(ridge, One);
        var direction = linalg.solve(within, away.unsqueeze(1)).squeeze(1);
        using Scalar length = Math.Max(direction.dot(away).item<double>(), 1e-12);
        direction.div_(length);
        return new(direction.to(ScalarType.Float32).data<float>().ToArray(), -direction.dot(mean).item<double>());
    }

    /// <summary>How far a picture lies from the axis' end: 1 at the mean look-alike, a third of that at the mean photo of the subject.</summary>
    /// <param name="features">F.</param>
    public double Place(ReadOnlySpan<float> features) => (TensorPrimitives.Dot(features, Direction) + Offset + Margin) / (1 + Margin);

    /// <summary>The head with this axis for one more row.</summary>
    /// <param name="weight">What a place counts in distance.</param>
    public ClosedFormHead PutInto(ClosedFormHead head, double weight)
    {
        var scale = weight / (1 + Margin);
        var row = new float[Direction.Length];
        TensorPrimitives.Multiply(Direction, (float)scale, row);
        return head with { Weights = [.. head.Weights, .. row], Bias = [.. head.Bias, (float)(scale * (Offset + Margin))] };
    }
}
