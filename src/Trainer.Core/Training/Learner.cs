using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Weights;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>All that training changes: the network, the class weights, and what the optimizers carry from step to step.</summary>
/// <remarks>In a checkpoint these are the tensors network.*, head.* and optimizer.*.</remarks>
public sealed record Learner(EmbeddingNetwork Network, IGateLoss Loss, Updater Updater)
{
    private const string Head = "head.";
    private const string Optimizer = "optimizer.";

    /// <summary>Copies of all tensors as they are now, under their names in a checkpoint.</summary>
    public IReadOnlyList<WeightTensor> Tensors() =>
    [
        .. StateDict.Save(Network).Select(tensor => tensor with { Name = CheckpointFile.Network + tensor.Name }),
        .. StateDict.Save(Loss.Module).Select(tensor => tensor with { Name = Head + tensor.Name }),
        .. Updater.State.Select(state => StateDict.FromTensor(Optimizer + state.Key, state.Value)),
    ];

    /// <summary>Puts all tensors back to where they were.</summary>
    /// <param name="checkpoint">Whole already: see <see cref="CheckpointFile.Read"/>.</param>
    /// <exception cref="TrainerException">A tensor is missing, or has another type or shape.</exception>
    public void Restore(WeightFile checkpoint)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var averages = Updater.UseAverages(); // what a checkpoint calls network are the averages
        Fill(checkpoint, CheckpointFile.Network, Network.state_dict());
        Fill(checkpoint, Head, Loss.Module.state_dict());
        Fill(checkpoint, Optimizer, Updater.State);
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
