using System.Text.Json.Serialization;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Core.Gates;

/// <summary>The cosine from which a picture is accepted, and what it was set by.</summary>
/// <param name="Cosine">A picture is accepted when its cosine to the centroid is at least this.</param>
/// <param name="PromisedAcceptRate">Share of the subject's pictures that it is meant to accept, 0 to 1.</param>
/// <param name="CalibrationCount">Normals that it was set by.</param>
public sealed record Threshold(float Cosine, double PromisedAcceptRate, int CalibrationCount)
{
    /// <summary>Between which accept rates the true one lies, with 95 % confidence, judged by so few calibration normals.</summary>
    [JsonIgnore]
    public BinomialInterval AcceptInterval =>
        BinomialInterval.Of((int)Math.Ceiling((PromisedAcceptRate * CalibrationCount) - 1e-9), CalibrationCount);

    /// <summary>What the threshold promises, for people.</summary>
    [JsonIgnore]
    public string Promise => FormattableString.Invariant(
        $"Of 100 such photos of the subject, about {100 * PromisedAcceptRate:f0} are accepted; between {Bounds.Low} and {Bounds.High} with 95 % confidence, from {Counted.Of(CalibrationCount, "calibration photo")}.");

    private (int Low, int High) Bounds => Hundredths.Around(AcceptInterval.Low, AcceptInterval.High);

    /// <summary>The threshold that the promised share of the subject's photos reaches, judged by the calibration normals alone: see <see cref="Tail"/>.</summary>
    /// <param name="cosines">Of the calibration normals, leave-one-out; at least one.</param>
    /// <param name="acceptRate">Above 0, at most 1.</param>
    /// <param name="photos">Photos that they are of, where several cosines are of one: only so many are independent of one another.</param>
    public static Threshold Calibrate(ReadOnlySpan<float> cosines, double acceptRate, int? photos = null) =>
        new(Tail.CosineReachedBy(acceptRate, cosines), acceptRate, photos ?? cosines.Length);
}
