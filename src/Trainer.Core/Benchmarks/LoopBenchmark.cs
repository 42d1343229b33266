using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;

namespace Trainer.Core.Benchmarks;

/// <summary>The whole training loop: other threads read and augment pictures during the steps.</summary>
internal sealed class LoopBenchmark : IDisposable
{
    /// <summary>Steps until the batches that were prepared during other benchmarks are used up.</summary>
    private const int StepsToSettle = 4;

    private readonly StepBenchmark step;
    private readonly IEnumerator<Batch> batches;

    public LoopBenchmark(
        StepBenchmark step, IEnumerable<LabelledImage> pictures, CachedReader reader, Preprocessing preprocessing, int threads,
        int batchSize)
    {
        this.step = step;
        batches = new BatchLoader(preprocessing, batchSize, threads, new SkippedFiles(), reader)
            .LoadForTraining(pictures, (image, position, picture) => Prepare(picture, position, preprocessing.Edge), dropLast: true)
            .GetEnumerator();
    }

    public int Step()
    {
        batches.MoveNext(); // the sequence is endless
        return step.Step(batches.Current);
    }

    public void Settle()
    {
        for (var i = 0; i < StepsToSettle; i++)
        {
            Step();
        }
    }

    public void Dispose() => batches.Dispose();

    private static byte[] Prepare(RgbImage picture, int position, int edge) =>
        Augmentation.ToInput(picture, AugmentationMode.Full, new CounterRandom((ulong)position), edge);
}
