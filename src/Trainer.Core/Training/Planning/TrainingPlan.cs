using System.Text.Json.Nodes;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Platform;
using Trainer.Core.Ranks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Wording;
using static TorchSharp.torch;

namespace Trainer.Core.Training.Planning;

/// <summary>
/// Everything that decides a run. It is made and reported before the first step, saved as options.json, and never changes afterwards.
/// </summary>
/// <remarks>The start weights are found first, because the recipe depends on them.</remarks>
public sealed record TrainingPlan
{
    private TrainingPlan()
    {
    }

    /// <summary>
    /// All options after resolving. A resumed run keeps its own options, except for those that may differ, such as the device.
    /// </summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The weights that training starts from.</summary>
    public required StartWeights Start { get; init; }

    /// <summary>The pictures, divided into parts.</summary>
    public required TrainingData Data { get; init; }

    /// <summary>Pictures that can't be read.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>The device to compute on.</summary>
    public required Device Device { get; init; }

    /// <summary>Threads for computing, and as many for decoding.</summary>
    public required int Threads { get; init; }

    /// <summary>The content of options.json.</summary>
    public required RunRecord Record { get; init; }

    /// <summary>Who trains it together, as this rank sees them; not disposed here.</summary>
    public ICommunicator Ranks { get; init; } = new SingleRank();

    /// <summary>How looks at many pictures are shared out among the ranks.</summary>
    internal Portions Portions => new(Ranks, Options.ChunksInStep());

    /// <summary>The run to go on with; null for a new one.</summary>
    public ResumedRun? Resumed { get; init; }

    /// <summary>The folder for the run's files.</summary>
    public RunFolder Folder => Resumed?.Folder ?? new RunFolder(Options.Out);

    /// <summary>Plans a new run.</summary>
    /// <param name="chosen">
    /// Layers of options, of which later ones win. Defaults for the options that they leave out depend on the start weights.
    /// </param>
    /// <param name="tell">Told of the start weights, the options, and the reading of the pictures.</param>
    /// <param name="ranks">Who trains it together; null for this process alone.</param>
    /// <exception cref="TrainerException">Options, folders, device, start weights or pictures don't allow it, or they aren't the same for
    /// all ranks.</exception>
    public static TrainingPlan Make(
        IReadOnlyList<JsonObject> chosen, Action<TrainingEvent> tell, ICommunicator? ranks = null, CancellationToken cancel = default)
    {
        ranks ??= new SingleRank();
        var options = OptionsFile.Resolve(chosen); // all that can be wrong is found before a download
        if (ranks.IsLeader)
        {
            RunFolder.RequireFree(options.Out);
        }

        var (device, threads) = Prepare(options, tell);
        var start = StartWeights.Find(options.Weights, options.WeightsInput, tell, cancel);
        var isGateChosen = chosen.Any(layer => layer.ContainsKey("gate"));
        var recipe = (options.Gate, start.IsRandom) switch
        {
            (GateKind.ClosedForm, true) when isGateChosen => [],
            (GateKind.ClosedForm, true) => GateRecipe.RandomDefaults,
            (GateKind.Centroid, _) => GateRecipe.CentroidDefaults,
            _ => new JsonObject(),
        };
        return Make(GateOptions.Require(OptionsFile.Resolve([recipe, .. chosen])), start, (device, threads), resumed: null, tell, ranks,
            cancel);
    }

    /// <summary>Plans a new run whose options are all chosen, whatever it starts from.</summary>
    /// <inheritdoc cref="Make(IReadOnlyList{JsonObject}, Action{TrainingEvent}, ICommunicator?, CancellationToken)"/>
    public static TrainingPlan Make(
        TrainingOptions options, Action<TrainingEvent> tell, ICommunicator? ranks = null, CancellationToken cancel = default) =>
        Make([OptionsFile.Layer(options)], tell, ranks, cancel);

    /// <summary>Plans the rest of a run that was stopped.</summary>
    /// <inheritdoc cref="Make(IReadOnlyList{JsonObject}, Action{TrainingEvent}, ICommunicator?, CancellationToken)"/>
    public static TrainingPlan Resume(
        ResumedRun run, Action<TrainingEvent> tell, ICommunicator? ranks = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ranks ??= new SingleRank();
        if (ranks.IsLeader)
        {
            RunLock.Take(run.Folder).Dispose(); // a second program is refused now, not after a minute of reading
        }

        var machine = Prepare(run.Options, tell);
        var start = run.IsSaved
            ? new StartWeights(run.Record.StartWeights, File: null, IsTorchvision: false) // the checkpoint holds the weights
            : StartWeights.Find(run.Record.StartWeights, run.Options.WeightsInput, tell, cancel);
        return Make(run.Options, start, machine, run, tell, ranks, cancel);
    }

    /// <summary>Notices for the user before the first step.</summary>
    public IEnumerable<string> Notices()
    {
        if (Data.Negatives.Train.Count < Data.Normals.Train.Count)
        {
            yield return $"There are fewer training negatives ({Data.Negatives.Train.Count}) than normals ({Data.Normals.Train.Count}): "
                + "each epoch shows all of them. More ordinary photos make a better gate.";
        }

        var calibrating = Data.Normals.Calibration.Count
            + (Options is { Gate: GateKind.ClosedForm, ValidNormal: null } ? Data.Normals.Train.Count : 0);
        if (calibrating < 20)
        {
            yield return $"The threshold is calibrated by {Counted.Of(calibrating, "normal")} only: neither its promise nor the figures of "
                + "this gate are worth much. Try it out, but take 100 photos of the subject or more before an app relies on it.";
        }

        foreach (var notice in Resumed?.Notices() ?? [])
        {
            yield return notice;
        }
    }

    private static (Device Device, int Threads) Prepare(TrainingOptions options, Action<TrainingEvent> tell)
    {
        TrainingData.RequireFolders(options);
        var threads = options.Threads > 0 ? options.Threads : TorchRuntime.DefaultThreads;
        return (TorchRuntime.Prepare(options.Device, threads, text => tell(new Notice(text))), threads);
    }

    private static TrainingPlan Make(
        TrainingOptions options, StartWeights start, (Device Device, int Threads) machine, ResumedRun? resumed, Action<TrainingEvent> tell,
        ICommunicator ranks, CancellationToken cancel)
    {
        SharedRun.RequireChunks(options, ranks);
        tell(new PlanMade(options, start.Source));
        var skipped = new SkippedFiles();
        skipped.Skipped += file => tell(new PictureSkipped(file.Path, file.Reason));
        using var cache = options.OpenCache();
        var data = TrainingData.Scan(options, new CachedReader(cache), machine.Threads, skipped, tell, cancel);
        if (resumed is not null)
        {
            DataFile.RequireSame(resumed.Folder.Data, resumed.Record.DataFingerprint, data.Fingerprint, data.Sets);
        }

        var plan = new TrainingPlan
        {
            Options = options,
            Start = start,
            Data = data,
            Skipped = skipped.All,
            Device = machine.Device,
            Threads = machine.Threads,
            Resumed = resumed,
            Ranks = ranks,
            Record = resumed?.Record ?? new RunRecord(
                SavedOptions.Of(options),
                RunRecord.TrainerVersion,
                RunRecord.TorchSharpVersion,
                __version__,
                machine.Device.type.ToString().ToLowerInvariant(),
                machine.Threads,
                start.Source,
                data.Fingerprint,
                PartCounts.Of(data.Normals),
                PartCounts.Of(data.Negatives),
                Machine.With(machine.Device)),
        };
        SharedRun.RequireSame(plan);
        return plan;
    }
}
