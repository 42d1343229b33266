using Trainer.Core.Imaging;

namespace Trainer.Core.Evaluation;

/// <summary>What a gate makes of one picture.</summary>
/// <param name="Similarity">Cosine to the centroid, −1 to 1.</param>
/// <param name="Accepted">The gate's own decision.</param>
/// <param name="CloserThan">Share of the calibration photos that lie farther from the subject, 0 to 1; null where that isn't known.</param>
public readonly record struct Judgement(float Similarity, bool Accepted, double? CloserThan = null);

/// <summary>A gate as an app runs it: a decoded picture of any size in, the decision out.</summary>
public interface IPictureGate
{
    /// <summary>How a picture becomes its input; tells how large pictures are to be decoded.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>Judges one picture.</summary>
    Judgement Judge(RgbImage picture);
}
