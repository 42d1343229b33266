using TorchSharp;
using Trainer.Core.Catalog;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Weights;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>All that training changes: the network, the class weights, and what the optimizers carry from step to step.</summary>
/// <remarks>In a checkpoint these are the tensors network.*, head.* and optimizer.*. Takes all three over.</remarks>
public sealed class Learner(EmbeddingNetwork network, IGateLoss loss, Updater updater) : IDisposable
{
    private const string Head = "head.";
    private const string Optimizer = "optimizer.";

    /// <summary>The network.</summary>
    public EmbeddingNetwork Network => network;

    /// <summary>What is made small, with the class weights.</summary>
    public IGateLoss Loss => loss;

    /// <summary>What moves both.</summary>
    public Updater Updater => updater;

    /// <summary>As a plan begins: the start weights in the network, all else by the seed, on the plan's device.</summary>
    /// <param name="tell">Told what of the start weights was loaded.</param>
    /// <exception cref="TrainerException">The start weights don't fit the network.</exception>
    public static Learner Begin(TrainingPlan plan, Action<TrainingEvent> tell)
    {
        ArgumentNullException.ThrowIfNull(plan);
        manual_seed(plan.Options.Seed);
        var network = new EmbeddingNetwork();
        var loss = LossOf(plan.Options);
        try
        {
            plan.Start.Load(network, tell);
            network.to(plan.Device);
            loss.Module.to(plan.Device);
            return new Learner(network, loss, new Updater(network, loss, plan.Options, plan.Start.IsRandom));
        }
        catch
        {
            loss.Dispose();
            network.Dispose();
            throw;
        }
    }

    /// <summary>Copies of all tensors as they are now, under their names in a checkpoint.</summary>
    public IReadOnlyList<WeightTensor> Tensors() =>
    [
        .. StateDict.Save(network).Select(tensor => tensor with { Name = CheckpointFile.Network + tensor.Name }),
        .. StateDict.Save(loss.Module).Select(tensor => tensor with { Name = Head + tensor.Name }),
        .. updater.State.Select(state => StateDict.FromTensor(Optimizer + state.Key, state.Value)),
    ];

    /// <summary>Puts all tensors back to where they were.</summary>
    /// <param name="checkpoint">Whole already: see <see cref="CheckpointFile.Read"/>.</param>
    /// <exception cref="TrainerException">A tensor is missing, or has another type or shape.</exception>
    public void Restore(WeightFile checkpoint)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var averages = updater.UseAverages(); // what a checkpoint calls network are the averages
        Fill(checkpoint, CheckpointFile.Network, network.state_dict());
        Fill(checkpoint, Head, loss.Module.state_dict());
        Fill(checkpoint, Optimizer, updater.State);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        updater.Dispose();
        loss.Dispose();
        network.Dispose();
    }

    private static void Fill(WeightFile file, string prefix, IEnumerable<KeyValuePair<string, Tensor>> targets)
    {
        foreach (var (name, target) in targets)
        {
            using var source = file.Tensors.TryGetValue(prefix + name, out var tensor) ? StateDict.ToTensor(tensor) : null;
            if (source is null || source.dtype != target.dtype || !source.shape.SequenceEqual(target.shape))
            {
                throw CheckpointFile.Damaged(file.FileName, $"{prefix}{name} isn't what this run needs");
            }

            target.copy_(source);
        }
    }

    private static IGateLoss LossOf(TrainingOptions options)
    {
        const int Size = EmbeddingNetwork.EmbeddingSize;
        const int Centres = 3; // of Sub-center ArcFace: the paper's
        var margin = double.DegreesToRadians(options.Margin);
        return options.Loss switch
        {
            LossKind.Arcface => new ArcFaceHead(Labels.Count, Size, margin, options.LossScale()),
            LossKind.SubCenter => new ArcFaceHead(Labels.Count, Size, margin, options.LossScale(), Centres),
            LossKind.Hsc => new HypersphereHead(Size, options.LossScale()),
            LossKind.Bce => new BinaryHead(Size, options.LossScale()),
            _ => throw new NotSupportedException($"No loss {options.Loss}."),
        };
    }
}
