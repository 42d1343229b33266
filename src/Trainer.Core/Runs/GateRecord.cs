using Trainer.Core.Metrics;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Runs;

/// <summary>gate.json as it is first written. Entries about exported files are added later.</summary>
/// <param name="Trainer">Version of the program that found the gate.</param>
/// <param name="Threshold">Cosine from which a picture is accepted.</param>
/// <param name="PromisedAcceptRate">Share of the subject's pictures that the gate should accept, 0 to 1.</param>
/// <param name="CalibrationCount">Number of normals that set the threshold.</param>
/// <param name="AcceptInterval">Bounds, at 95 % confidence, of the share that the gate accepts.</param>
/// <param name="Promise">The same in words.</param>
/// <param name="StartWeights">What training started from, as in options.json.</param>
/// <param name="EmbeddingSize">Number of values in an embedding.</param>
/// <param name="CentroidSha256">SHA-256 of the numbers in embedding.txt.</param>
/// <param name="CentroidConcentration">Length of the mean embedding, 0 to 1.</param>
/// <param name="Calibration">What the validation found that this gate is of.</param>
/// <param name="CalibrationSimilarities">Cosines that 0, 1, … 100 of 100 calibration photos lie below, rising: see
/// <see cref="Gates.Nearness"/>. Null where there are few photos.</param>
/// <param name="Files">SHA-256 of each exported file, by its path below the run.</param>
internal sealed record GateRecord(
    string Trainer,
    float Threshold,
    double PromisedAcceptRate,
    int CalibrationCount,
    BinomialInterval AcceptInterval,
    string Promise,
    string StartWeights,
    int EmbeddingSize,
    string CentroidSha256,
    double CentroidConcentration,
    GatePreprocessing Preprocessing,
    ValidationLine Calibration,
    IReadOnlyList<float>? CalibrationSimilarities,
    Dictionary<string, string> Files);

/// <summary>How a picture becomes the network's input.</summary>
/// <param name="Version">Rises with every change of the preprocessing.</param>
/// <param name="ImageSize">Edge of the input in pixels.</param>
/// <param name="Description">Each step in words.</param>
internal sealed record GatePreprocessing(int Version, int ImageSize, string Description);
