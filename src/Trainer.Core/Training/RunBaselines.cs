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

/// <summary>The baselines of a run: how well the weights that it started from do alone.</summary>
public static class RunBaselines
{
    /// <summary>Number of pictures that <see cref="Measure"/> reads.</summary>
    public static int PicturesOf(RunFolder run, IReadOnlyList<SetResult> sets) => Known(run).Length + sets.Sum(set => set.Count);

    /// <summary>
    /// Measures the baselines and compares them with the gate. Their centroid and neighbours come from the run's training and calibration
    /// photos.
    /// </summary>
    /// <param name="sets">The gate's results on them.</param>
    /// <param name="progress">Called with the number of pictures done so far.</param>
    /// <exception cref="TrainerException">
    /// The run started from random weights, its start weights or photos no longer exist, or the weights are not those of a complete
    /// MobileNetV2.
    /// </exception>
    public static IReadOnlyList<Baseline> Measure(
        RunFolder run, IReadOnlyList<SetResult> sets, Device device, BatchLoader loader, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var record = run.ReadRecord();
        if (record.StartWeights == RunRecord.RandomWeights)
        {
            throw new TrainerException("This run started from random weights, which tell nothing apart by themselves, so there is no "
                + "baseline to compare with.");
        }

        using var network = new EmbeddingNetwork(FeatureKind.Pooled);
        StartWeights.Find(record.StartWeights, record.Options.WeightsInput, _ => { })
            .Load(network, told => RequireWhole(told, record.StartWeights));
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
            throw new TrainerException($"The run's start weights '{file}' lack {name}, so their pooled features can't be computed, and "
                + "there is no baseline to compare with.");
        }
    }

    /// <summary>Only convolutions are required; files with folded batch norms lack the tensors of the batch norms.</summary>
    private static bool IsOfAConvolution(string name) =>
        name.StartsWith("features.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal);
}
