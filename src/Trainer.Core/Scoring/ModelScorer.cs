using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Scoring;

/// <summary>Runs an exported file on every core. Each thread takes one picture from its bytes to its score.</summary>
/// <remarks>
/// A batch would need pictures of one size, and ONNX Runtime divides the layers of a single picture badly among threads. With one picture
/// per thread neither matters, because the threads share only the weights.
/// </remarks>
/// <param name="gate">Must be opened for one thread; disposed with this object.</param>
/// <param name="threads">Number of pictures judged at the same time, at least 1.</param>
public sealed class ModelScorer(OnnxGate gate, int threads) : IScorer
{
    /// <inheritdoc/>
    public float Threshold => gate.Threshold;

    /// <inheritdoc/>
    public IEnumerable<ScoredPicture> Score(IEnumerable<PictureSource> pictures, CancellationToken cancel = default) =>
        OrderedWork.Do(
            pictures,
            threads,
            Score,
            threads * OrderedWork.AheadPerWorker,
            weight: picture => picture.Bytes?.Length ?? 0,
            mostWeight: ImageDecoder.MaxFileBytes,
            cancel);

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private ScoredPicture Score(PictureSource picture)
    {
        var (made, error) = picture.Decoded<ScoredPicture?>(gate.Preprocessing.ShorterSide, image =>
        {
            var (judgement, embedding) = gate.JudgeWithEmbedding(image);
            return new ScoredPicture(judgement, PictureDoubt.Of(image), null, embedding);
        });
        return made ?? new ScoredPicture(null, null, error);
    }
}
