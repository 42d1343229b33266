using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Networks;
using Trainer.Core.Randomness;
using Trainer.Core.Runs;
using Trainer.Core.Wording;

namespace Trainer.Core.Benchmarks;

/// <summary>Measures the speed of this machine from pictures to a gate: each stage alone, and the whole loop.</summary>
/// <param name="device">The CPU, after <see cref="Platform.TorchRuntime.Prepare"/>.</param>
/// <param name="preprocessing">Decides the edge of the network's input.</param>
/// <param name="threads">Threads for computing, and as many for decoding.</param>
/// <param name="batchSize">Pictures per step.</param>
public sealed class GateBenchmarks(TorchSharp.torch.Device device, Preprocessing preprocessing, int threads, int batchSize)
{
    private const int BatchesInMemory = 4;

    /// <summary>Measures everything.</summary>
    /// <param name="pictures">JPEG files like those of a user; at least one.</param>
    /// <param name="rounds">How often each benchmark is measured; the result is the median.</param>
    /// <param name="slice">Time for one measurement.</param>
    /// <param name="progress">Called with the share that is done, 0 to 1.</param>
    /// <exception cref="TrainerException">None of the pictures can be read.</exception>
    public IReadOnlyList<BenchmarkResult> Run(
        IReadOnlyList<ImageEntry> pictures, int rounds, TimeSpan slice, Action<double> progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var batches = new BatchLoader(preprocessing, batchSize, threads, new SkippedFiles())
            .Load(Endless(pictures).Take(batchSize * BatchesInMemory).Select(p => p.Image), cancel).ToArray();
        if (batches.Length == 0)
        {
            throw new TrainerException($"None of the {Counted.Of(pictures.Count, "picture")} to measure with can be read.");
        }

        using var fixedNorms = new StepBenchmark(device, startsRandom: false);
        using var learningNorms = new StepBenchmark(device, startsRandom: true);
        using var libtorch = new StepBenchmark(device, startsRandom: false, ownKernels: false);
        using var article = new ArticleBenchmark(device);
        using var cached = new CachedPictures(pictures, preprocessing.TrainingShorterSide);
        using var loop = new LoopBenchmark(fixedNorms, Endless(pictures), cached.Reader, preprocessing, threads, batchSize);
        using var firstLoop = new LoopBenchmark(fixedNorms, Endless(pictures), new CachedReader(), preprocessing, threads, batchSize);
        var embedder = new Embedder(fixedNorms.Network, device);
        var libtorchEmbedder = new Embedder(libtorch.Network, device);
        var folded = FoldedNetwork.Of(fixedNorms.Network);
        using var single = Exported(new FloatNetwork(folded), threads: 1);
        using var many = Exported(new FloatNetwork(folded), threads);
        using var eightBit = Exported(new Int8Network(folded, batches.Take(1), preprocessing.Edge), threads: 1);
        var one = new Batch(batches[0].Pixels[..(batches[0].Pixels.Length / batches[0].Images.Count)], [batches[0].Images[0]]);
        var decoded = pictures.Take(batchSize)
            .Select(picture => ImageDecoder.DecodeTowards(preprocessing.TrainingShorterSide, picture.Path)).ToArray();
        var turn = 0;
        IReadOnlyList<Benchmark> benchmarks =
        [
            new("decode", "images/s", () =>
                Done(ImageDecoder.DecodeTowards(preprocessing.TrainingShorterSide, pictures[turn++ % pictures.Count].Path))),
            new("cache", "images/s", () => Done(cached.Reader.Read(pictures[turn++ % pictures.Count], preprocessing.TrainingShorterSide))),
            new("augment", "images/s", () => Done(Augmentation.ToInput(
                decoded[turn % decoded.Length], AugmentationMode.Full, new CounterRandom((ulong)turn++), preprocessing.Edge))),
            new("train-step", "images/s", () => fixedNorms.Step(batches[turn++ % batches.Length])),
            new("train-step-random", "images/s", () => learningNorms.Step(batches[turn++ % batches.Length])),
            new("train-step-libtorch", "images/s", () => libtorch.Step(batches[turn++ % batches.Length])),
            new("train-step-article", "images/s", () => article.Step(batches[turn++ % batches.Length])),
            new("train-loop", "images/s", loop.Step, loop.Settle),
            new("train-loop-decoding", "images/s", firstLoop.Step, firstLoop.Settle),
            new("evaluation", "images/s", () => embedder.Embed(batches[turn++ % batches.Length]).Count),
            new("evaluation-libtorch", "images/s", () => libtorchEmbedder.Embed(batches[turn++ % batches.Length]).Count),
            new("evaluation-article", "images/s", () => article.Evaluate(batches[turn++ % batches.Length])),
            new("onnx-latency", "ms", () => single.Cosines(one).Length),
            new("onnx-int8-latency", "ms", () => eightBit.Cosines(one).Length),
            new("onnx-throughput", "images/s", () => many.Cosines(batches[turn++ % batches.Length]).Length),
        ];
        var slices = (double)benchmarks.Count * (rounds + 1);
        IReadOnlyList<Share> shares = [
            new("train-step-ratio", "train-step", "train-step-article"), new("evaluation-ratio", "evaluation", "evaluation-article"),
            new("train-loop-share", "train-loop", "train-step"), new("first-epoch-share", "train-loop-decoding", "train-loop"),
        ];
        return new Interleaved(rounds, slice).Run(benchmarks, shares, done => progress(done / slices), cancel);
    }

    private static IEnumerable<LabelledImage> Endless(IReadOnlyList<ImageEntry> pictures)
    {
        for (var i = 0; true; i = (i + 1) % pictures.Count)
        {
            yield return new LabelledImage(pictures[i], i % Labels.Count);
        }
    }

    private OnnxGate Exported(IOnnxNetwork network, int threads) => OnnxGate.Load(
        OnnxGateModel.Write(
            network, new Centroid(Axis(), 1, 1), new Threshold(0.5f, 0.95, 1), RunRecord.TrainerVersion, GateInput.Picture, preprocessing),
        threads, "the benchmark's model");

    private static float[] Axis() => [1, .. new float[EmbeddingNetwork.EmbeddingSize - 1]];

    private static int Done(object _) => 1;
}
