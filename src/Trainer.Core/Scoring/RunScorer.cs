using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Runs;

namespace Trainer.Core.Scoring;

/// <summary>Runs a run's checkpoint on every core. The next batches are decoded while one goes through the network.</summary>
/// <param name="gate">Disposed with this object.</param>
/// <param name="threads">Number of pictures decoded at the same time, at least 1. The network has its own threads.</param>
public sealed class RunScorer(TrainedGate gate, int threads) : IScorer
{
    private const int BatchSize = 32;
    private const int BatchesAhead = 2; // one in the network, one being decoded

    /// <inheritdoc/>
    public float Threshold => gate.Threshold;

    /// <inheritdoc/>
    public IEnumerable<ScoredPicture> Score(IEnumerable<PictureSource> pictures, CancellationToken cancel = default)
    {
        var inputs = OrderedWork.Do(pictures, threads, Decode, BatchSize * BatchesAhead, cancel);
        foreach (var batch in inputs.Chunk(BatchSize))
        {
            var judgements = new Queue<Judgement>(Judge([.. batch.Select(input => input.Made?.Pixels).OfType<byte[]>()]));
            foreach (var (made, error) in batch)
            {
                yield return new ScoredPicture(made is null ? null : judgements.Dequeue(), made?.Doubt, error);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private (Input? Made, string? Error) Decode(PictureSource picture) => picture.Decoded<Input?>(
        gate.Preprocessing.ShorterSide, image => new Input(gate.Preprocessing.ToInput(image), PictureDoubt.Of(image)));

    private IEnumerable<Judgement> Judge(byte[][] inputs)
    {
        if (inputs.Length == 0)
        {
            return [];
        }

        var pixels = new byte[inputs.Sum(input => input.Length)];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i].CopyTo(pixels, i * inputs[i].Length); // all inputs have the same length
        }

        // Without their names: photos that the gate was computed from are judged as any other.
        return gate.Cosines(new Batch(pixels, new LabelledImage[inputs.Length]))
            .Select(cosine => new Judgement(cosine, cosine >= gate.Threshold, gate.Nearness?.Share(cosine)));
    }

    private readonly record struct Input(byte[] Pixels, string? Doubt);
}
