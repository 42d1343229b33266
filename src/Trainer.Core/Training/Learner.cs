using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using Trainer.Core.Ranks;
using Trainer.Core.Runs.Files;
using Trainer.Core.Training.Planning;
using Trainer.Core.Weights;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Everything that training changes: the network, the class weights, and the optimizers' state.</summary>
/// <remarks>In a checkpoint these are the tensors network.*, head.* and optimizer.*. Owns and disposes all three.</remarks>
internal sealed class Learner : IDisposable
{
    private const string Head = "head.";
    private const string Optimizer = "optimizer.";

    private readonly EmbeddingNetwork network;
    private readonly IGateLoss loss;
    private readonly Updater updater;

    internal Learner(EmbeddingNetwork network, GateRecipe recipe, Updater updater) =>
        (this.network, Recipe, loss, this.updater) = (network, recipe, recipe.Loss, updater);

    /// <summary>Which pictures are shown, and which loss is minimised.</summary>
    internal GateRecipe Recipe { get; }

    /// <summary>The network.</summary>
    public EmbeddingNetwork Network => network;

    /// <summary>The loss that training minimises, with the class weights.</summary>
    public IGateLoss Loss => loss;

    /// <summary>Updates the network and the class weights.</summary>
    public Updater Updater => updater;

    /// <summary>
    /// Creates the state at the beginning of a plan, on the plan's device: the start weights in the network, everything else from the seed.
    /// </summary>
    /// <param name="loader">Reads the photos from which a closed-form gate's classes are found.</param>
    /// <param name="tell">Called with what was loaded of the start weights.</param>
    /// <exception cref="TrainerException">The start weights don't fit the network, or none of the photos can be read.</exception>
    public static Learner Begin(TrainingPlan plan, BatchLoader loader, Action<TrainingEvent> tell, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        manual_seed(plan.Options.Seed);
        var network = new EmbeddingNetwork(GateRecipe.FeaturesOf(plan.Options.Gate));
        GateRecipe? recipe = null;
        try
        {
            plan.Start.Load(network, tell);
            network.to(plan.Device);
            recipe = GateRecipe.Of(plan, network, loader, cancel);
            recipe.Loss.Module.to(plan.Device);
            return new Learner(network, recipe, new Updater(network, recipe.Loss, plan.Options, plan.Start.IsRandom));
        }
        catch
        {
            recipe?.Loss.Dispose();
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

    /// <summary>Restores all tensors from a checkpoint.</summary>
    /// <param name="checkpoint">A checkpoint that <see cref="CheckpointFile.Read"/> has checked.</param>
    /// <exception cref="TrainerException">A tensor is missing, or has another type or shape.</exception>
    public void Restore(WeightFile checkpoint)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var blend = updater.UseBlend(); // a checkpoint's network.* are the blended weights
        Fill(checkpoint, CheckpointFile.Network, network.state_dict());
        Fill(checkpoint, Head, loss.Module.state_dict());
        Fill(checkpoint, Optimizer, updater.State);
    }

    /// <summary>Gives all ranks the leader's tensors.</summary>
    internal void Share(ICommunicator ranks)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var tensor in network.state_dict().Values.Concat(loss.Module.state_dict().Values)
            .Concat(updater.State.Select(state => state.Value)))
        {
            var copy = tensor.detach().cpu().contiguous().clone();
            ranks.Broadcast(copy.bytes, from: 0);
            tensor.copy_(copy);
        }
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
}
