using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Training.Planning;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>The baselines of a run: what the weights that it started from would have told by themselves.</summary>
public static class RunBaselines
{
    /// <summary>How many pictures <see cref="Measure"/> looks at.</summary>
    public static int PicturesOf(RunFolder run, IReadOnlyList<SetResult> sets) => Known(run).Length + sets.Sum(set => set.Count);

    /// <summary>Measures them beside the gate. The photos that the run trained on and was calibrated by are those that they compare with.</summary>
    /// <param name="sets">As the gate was evaluated on them.</param>
    /// <param name="progress">Told the number of pictures so far.</param>
    /// <exception cref="TrainerException">The run started from random weights, its start weights or photos are gone, or they are not of a whole MobileNetV2.</exception>
    public static IReadOnlyList<Baseline> Measure(RunFolder run, IReadOnlyList<SetResult> sets, Device device, BatchLoader loader, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var record = run.ReadRecord();
        if (record.StartWeights == RunRecord.RandomWeights)
        {
            throw new TrainerException("This run started from random weights, which tell nothing by themselves: there is no baseline to compare with.");
        }

        using var network = new EmbeddingNetwork(FeatureKind.Pooled);
        StartWeights.Find(record.StartWeights, record.Options.WeightsInput, _ => { }).Load(network, told => RequireWhole(told, record.StartWeights));
        network.to(device);
        return new FrozenBaselines(network, device, loader, progress).Measure(Known(run), sets);
    }

    private static ImageEntry[] Known(RunFolder run)
    {
        var normals = RunParts.Find(run, SetLabel.Normal);
        return [.. normals.Train, .. normals.Calibration];
    }

    private static void RequireWhole(TrainingEvent told, string file)
    {
        if (told is WeightsLoaded { NotInFile: var missing } && missing.FirstOrDefault(IsOfAConvolution) is { } name)
        {
            throw new TrainerException($"The run's start weights '{file}' lack {name}, so their pooled features can't be had: there is no baseline to compare with.");
        }
    }

    /// <summary>Counters of batch norms are no loss: files with folded norms lack them.</summary>
    private static bool IsOfAConvolution(string name) => name.StartsWith("features.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal);
}
