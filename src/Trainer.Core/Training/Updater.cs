using TorchSharp.Modules;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>The two optimizers of a run: one for the network, one for the class weights.</summary>
public sealed class Updater : IDisposable
{
    private readonly OptimizerHelper network;
    private readonly OptimizerHelper classes;
    private readonly TrainingOptions options;

    /// <summary>Makes both, at their peak rates.</summary>
    public Updater(EmbeddingNetwork network, ArcFaceHead head, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.network = options.Optimizer == OptimizerKind.Sgd
            ? optim.SGD(network.parameters(), options.Lr, options.Momentum, weight_decay: options.WeightDecay)
            : optim.AdamW(network.parameters(), options.Lr, weight_decay: options.WeightDecay);
        classes = optim.SGD(head.parameters(), options.ClassLr);
    }

    /// <summary>Moves all weights one step along the loss's gradient.</summary>
    /// <param name="share">Of the peak rates.</param>
    public void Step(Tensor loss, double share)
    {
        ArgumentNullException.ThrowIfNull(loss);
        SetRate(network, options.Lr * share);
        SetRate(classes, options.ClassLr * share);
        network.zero_grad();
        classes.zero_grad();
        loss.backward();
        network.step();
        classes.step();
    }

    /// <summary>Momenta and counters, as TorchSharp writes them.</summary>
    public (byte[] Network, byte[] Classes) State => (Write(network), Write(classes));

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        classes.Dispose();
    }

    private static void SetRate(OptimizerHelper optimizer, double rate)
    {
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }
    }

    private static byte[] Write(OptimizerHelper optimizer)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            optimizer.save_state_dict(writer);
        }

        return stream.ToArray();
    }
}
