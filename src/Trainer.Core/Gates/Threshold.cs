using System.Globalization;
using System.Text.Json.Serialization;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Core.Gates;

/// <summary>The cosine from which a picture is accepted, and how it was set.</summary>
/// <param name="Cosine">A picture is accepted when its cosine to the centroid is at least this.</param>
/// <param name="PromisedAcceptRate">Share of the subject's pictures that the threshold should accept, 0 to 1.</param>
/// <param name="CalibrationCount">How many normals it was set by.</param>
public sealed record Threshold(float Cosine, double PromisedAcceptRate, int CalibrationCount)
{
    /// <summary>The 95 % confidence interval of the true accept rate, given the number of calibration normals.</summary>
    [JsonIgnore]
    public BinomialInterval AcceptInterval =>
        BinomialInterval.Of((int)Math.Ceiling((PromisedAcceptRate * CalibrationCount) - 1e-9), CalibrationCount);

    /// <summary>A sentence for users that says what the threshold promises.</summary>
    [JsonIgnore]
    public string Promise => string.Create(
        CultureInfo.InvariantCulture,
        $"Of 100 such photos of the subject, about {100 * PromisedAcceptRate:f0} are accepted; between {Bounds.Low} and {Bounds.High} with "
        + $"95 % confidence, from {Counted.Of(CalibrationCount, "calibration photo")}.");

    private (int Low, int High) Bounds => Hundredths.Around(AcceptInterval.Low, AcceptInterval.High);

    /// <summary>
    /// Sets the threshold that the promised share of the subject's photos reaches, by the calibration normals alone; see
    /// <see cref="Tail"/>.
    /// </summary>
    /// <param name="cosines">Leave-one-out cosines of the calibration normals; at least one.</param>
    /// <param name="acceptRate">Above 0, at most 1.</param>
    /// <param name="photos">How many photos the cosines are of, if a photo has several of them: only that many are independent.</param>
    public static Threshold Calibrate(ReadOnlySpan<float> cosines, double acceptRate, int? photos = null) =>
        new(Tail.CosineReachedBy(acceptRate, cosines), acceptRate, photos ?? cosines.Length);
}
