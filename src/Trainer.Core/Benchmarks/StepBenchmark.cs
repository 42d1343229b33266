using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using Trainer.Core.Optimizing;
using Trainer.Core.Runs.Options;
using static TorchSharp.torch;

namespace Trainer.Core.Benchmarks;

/// <summary>The pure training step of a centroid gate, with ArcFace: forward, loss, backward, update of all weights.</summary>
internal sealed class StepBenchmark : IDisposable
{
    private readonly bool startsRandom;
    private readonly Device device;
    private readonly ArcFaceHead loss;
    private readonly Updater updater;
    private int step;

    /// <param name="startsRandom">True when the batch norms learn their statistics, as when training starts from random weights.</param>
    /// <param name="ownKernels">False when libtorch computes everything, as in PyTorch.</param>
    public StepBenchmark(Device device, bool startsRandom, bool ownKernels = true)
    {
        (this.device, this.startsRandom) = (device, startsRandom);
        manual_seed(0);
        var options = new TrainingOptions { Normal = "", Coco = "", Out = "" };
        Network = new EmbeddingNetwork();
        Network.HasOwnKernels &= ownKernels;
        loss = new ArcFaceHead(
            Labels.Count, EmbeddingNetwork.EmbeddingSize, double.DegreesToRadians(options.LossMargin), options.LossScale);
        updater = new Updater(Network, loss, options, startsRandom);
    }

    public EmbeddingNetwork Network { get; }

    /// <summary>Makes one training step.</summary>
    /// <returns>Number of pictures.</returns>
    public int Step(Batch batch)
    {
        Network.train();
        if (!startsRandom)
        {
            BatchNorms.Freeze(Network);
        }

        using var scope = NewDisposeScope();
        using var pass = new TrainingPass(Network);
        var value = loss.Loss(pass.Forward(batch.ImagesOn(device)), batch.LabelsOn(device));
        pass.Backward(value);
        // The share is tiny, because random weights would diverge to infinity, and infinities are slow to compute with.
        updater.Step(step++, share: 1e-6);
        value.item<float>();
        return batch.Images.Count;
    }

    public void Dispose()
    {
        updater.Dispose();
        loss.Dispose();
        Network.Dispose();
    }
}
