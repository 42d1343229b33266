using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Scoring;

/// <summary>An exported file at work on every core: each thread takes a picture from its bytes to its score.</summary>
/// <remarks>
/// The pictures of one batch would have to be of one size, and ONNX Runtime shares a single picture's layers badly among threads. One picture a thread
/// needs neither: the threads share the weights and nothing else.
/// </remarks>
/// <param name="gate">Opened for one thread; disposed with this.</param>
/// <param name="threads">Pictures at work at once, at least 1.</param>
public sealed class ModelScorer(OnnxGate gate, int threads) : IScorer
{
    /// <inheritdoc/>
    public float Threshold => gate.Threshold;

    /// <inheritdoc/>
    public IEnumerable<ScoredPicture> Score(IEnumerable<PictureSource> pictures, CancellationToken cancel = default) =>
        OrderedWork.Do(pictures, threads, Score, threads * OrderedWork.AheadPerWorker, picture => picture.Bytes?.Length ?? 0, ImageDecoder.MaxFileBytes, cancel);

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
