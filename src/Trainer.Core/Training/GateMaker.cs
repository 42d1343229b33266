using Trainer.Core.Batching;
using Trainer.Core.Fitting;
using Trainer.Core.Networks;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training.Planning;

namespace Trainer.Core.Training;

/// <summary>Makes a gate from the network as it is now, of the kind that the plan names, and measures it.</summary>
/// <param name="network">The network, which receives the computed head.</param>
/// <param name="progress">Called with the number of pictures done so far and the total.</param>
internal sealed class GateMaker(TrainingPlan plan, EmbeddingNetwork network, BatchLoader loader, Action<int, int> progress)
{
    /// <summary>Computes the head or the centroid, and the threshold.</summary>
    /// <exception cref="TrainerException">None of the calibration photos can be read.</exception>
    public ValidationResult Make(CancellationToken cancel)
    {
        var (normals, negatives, options) = (plan.Data.Normals, plan.Data.Negatives, plan.Options);
        return options.Gate == GateKind.Centroid
            ? new Validator(new Embedder(network, plan.Device), loader, progress, plan.Portions)
                .Calibrate(normals.Calibration, negatives.Calibration, options.Accept, cancel)
            : new ClosedFormGate(network, plan.Device, loader, progress, plan.Portions).Fit(
                new GatePhotos(normals.Train, normals.Calibration, normals.Test, negatives.Train,
                    AreAlike: options.ValidNormal is null)
                { LookAlikes = [.. plan.Data.LookAlikes.SelectMany(kind => kind.Known)] },
                negatives.Calibration, options.Accept, cancel);
    }
}
