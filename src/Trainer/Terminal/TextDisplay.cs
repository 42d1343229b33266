using System.Globalization;
using Trainer.Core.Metrics;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Core.Wording;
using Trainer.Terminal.Results;

namespace Trainer.Terminal;

/// <summary>Shows a run to people: what is trained, a line for each epoch and each validation, and what to do next.</summary>
/// <param name="live">The line that shows each step; null if output isn't a terminal.</param>
internal sealed class TextDisplay(LiveLine? live) : ITrainingDisplay
{
    private const int SkippedShown = 10;
    private const int SuspectsShown = 5;
    private int skipped;
    private TrainingOptions? options;

    public void Show(TrainingEvent happened)
    {
        switch (happened)
        {
            case PlanMade plan:
                Show(plan);
                break;
            case DuplicatesFound { Groups: { } groups } found when groups < found.Pictures:
                Print(
                    $"  {Screen.Escape(found.Folder)}: {found.Pictures} pictures, {groups} of them different; near-duplicates share a "
                    + "part");
                break;
            case DuplicatesFound { Groups: null } found:
                Print($"  {Screen.Escape(found.Folder)}: {found.Pictures} pictures are too many to compare; equal files share a part");
                break;
            case DataReady data:
                Show([("normals", data.Normals), ("negatives", data.Negatives), .. data.LookAlikes.Select(kind => (kind.Key, kind.Value))]);
                Print($"  on {data.Device}, {Counted.Of(data.Threads, "thread")}\n");
                break;
            case Downloading download:
                live?.Show(download.Total > 0 ? (double)download.Bytes / download.Total : 0,
                    FormattableString.Invariant($"{download.Bytes / 1e6:f1} MB"), $"fetching {download.File}");
                break;
            case Working work:
                live?.Count(work.What, work.Done, work.Total);
                break;
            case WeightsLoaded weights:
                Print(
                    $"  {weights.Loaded} tensors from "
                    + $"{Screen.Escape(weights.File)}{Listed("not in it", weights.NotInFile)}{Listed("not used", weights.NotUsed)}");
                Print($"  {(weights.IsTorchvision ? "torchvision's MobileNetV2 of ImageNet; " : "")}input: "
                    + $"{(weights.Input == WeightsInput.Imagenet ? "ImageNet's mean and standard deviation, folded into the first convolution" : "from -1 to 1")}");
                Print(
                    $"  batch norms: {(weights.FoldedBatchNorms ? "folded into the convolutions, kept as they are" : "live, their statistics kept")}");
                break;
            case Notice notice:
                live?.Hide();
                Screen.Note(notice.Text);
                break;
            case PictureSkipped picture:
                Show(picture);
                break;
            case StepDone step:
                live?.Show(
                    (double)(step.Step + 1) / (step.Step + 1 + step.StepsLeft),
                    $"epoch {step.Epoch + 1}/{options!.Epochs}", // not null, because the plan comes before any step
                    $"{Left(step)} left",
                    FormattableString.Invariant($"loss {step.Loss:f3}"),
                    FormattableString.Invariant($"{step.ImagesPerSecond:f0} images/s"),
                    $"step {step.StepInEpoch + 1}/{step.StepsInEpoch}");
                break;
            case EpochDone epoch:
                Print(
                    $"epoch {epoch.Epoch + 1,3}/{epoch.Epochs}  loss {epoch.Loss,7:f3}  rate {Rate(epoch.LearningRate)}  "
                    + $"{epoch.ImagesPerSecond,4:f0} images/s  {TimeLeft(epoch)} left");
                break;
            case Validated validation:
                Show(validation);
                break;
            case SuspectsFound suspects:
                Show(suspects);
                break;
            case RunResumed resumed:
                Print(resumed.Checkpoint is { } checkpoint
                    ? $"  resuming in epoch {resumed.Epoch + 1} after {Counted.Of(resumed.Step, "step")}, from "
                        + $"{Screen.Escape(checkpoint)}\n"
                    : "  starting from the beginning, because nothing was saved yet\n");
                break;
            case RunStopped stopped:
                Print($"\n[bold]Stopped[/] after {Counted.Of(stopped.Step, "step")}; all of it is saved.");
                Print($"  resume: trainer train --resume {Argument(stopped.Folder)}");
                break;
            case RunDone done:
                Show(done);
                break;
            case ReportWritten written:
                Print($"\n[bold]{Screen.Escape(written.Headline)}.[/] {Screen.Escape(written.Sentence)}");
                Print($"  report: {Screen.Escape(written.File)}");
                break;
            default:
                break;
        }
    }

    public void Dispose() => live?.Hide();

    private void Show(PlanMade plan)
    {
        options = plan.Options;
        Print($"[bold]Training[/] a gate for {Screen.Escape(options.Normal)} against {Screen.Escape(options.Coco)}");
        Print(
            $"  {Counted.Of(options.Epochs, "epoch")}, batch {options.Batch}, {options.Optimizer.ToString().ToLowerInvariant()} "
            + $"{Rate(options.Lr)} "
            + $"({options.Schedule.ToString().ToLowerInvariant()}), {Loss(options)}, scale {options.LossScale:0.##}, "
            + $"seed {options.Seed}, start weights {Screen.Escape(plan.StartWeights)}");
    }

    private void Show(IReadOnlyList<(string Name, PartCounts Parts)> sets)
    {
        var width = sets.Max(set => set.Name.Length);
        foreach (var (name, parts) in sets)
        {
            Print(
                $"  {Screen.Escape(name.PadRight(width))}  {parts.Train,6} train, {parts.Calibration,4} calibration, {parts.Test,4} test");
        }
    }

    private void Show(PictureSkipped picture)
    {
        live?.Hide();
        if (++skipped <= SkippedShown)
        {
            Screen.Note($"skipped {picture.Path}: {picture.Reason}");
        }
        else if (skipped == SkippedShown + 1)
        {
            Screen.Note("more pictures are skipped; skipped.tsv in the run's folder will list all of them, with the reasons");
        }
    }

    private void Show(Validated validation)
    {
        Print(
            $"  [aqua]validation[/]  cosine of normals {Spread(validation.Normals)}, of negatives {Spread(validation.Negatives)}  "
            + $"AUROC {Number(validation.Auroc)}  FPR@95TPR "
                + $"{Number(validation.FprAt95Tpr)}{(validation.Best ? "  [green]best so far, saved[/]" : "  saved as last")}");
        if (live is not null && validation.Negatives.Count > 0)
        {
            Print(
                $"  {DistributionStrip.Of(validation.Normals, validation.Negatives, Math.Clamp(Screen.Width - 33, 20, 60))}  [red]▒[/] "
                + "negatives  [green]█[/] normals");
        }
    }

    private void Show(SuspectsFound suspects)
    {
        Print("\n[bold]Do these show the subject?[/] They are among the negatives, and the gate accepts them. If so, remove them and "
            + "train again.");
        foreach (var suspect in suspects.Negatives.Take(SuspectsShown))
        {
            Print(FormattableString.Invariant($"  {suspect.Cosine:f3}  {Screen.Escape(suspect.Name)}"));
        }

        if (suspects.Negatives.Count > SuspectsShown)
        {
            Print($"  and more: trainer inspect --run {Argument(options!.Out)}"); // not null, because the plan comes first
        }
    }

    private void Show(RunDone done)
    {
        live?.Hide();
        Screen.Line($"{(Screen.Quiet ? "" : "\n")}[bold]Done[/] in {Screen.Time(done.Seconds)}; "
            + $"{(options is { Epochs: 0 } ? "the gate uses the start weights without training" : $"the best gate is from epoch {done.BestEpoch + 1}")}.");
        Screen.Line($"  {done.Promise}");
        if (done.Skipped > 0)
        {
            Print($"  skipped {Counted.Of(done.Skipped, "picture")}: see skipped.tsv");
        }

        Print($"  {Screen.Escape(done.Folder)}: best.ckpt, last.ckpt, embedding.txt, gate.json, metrics.jsonl, options.json, parts.tsv");
        Print($"  next: trainer eval --run {Argument(done.Folder)}");
        Print($"        trainer export --run {Argument(done.Folder)} --onnx");
    }

    private void Print(string markup)
    {
        live?.Hide();
        if (!Screen.Quiet)
        {
            Screen.Line(markup);
        }
    }

    // Not null, because the plan comes before any step.
    private string Left(StepDone step) => Screen.Time(step.StepsLeft * options!.Batch / Math.Max(step.ImagesPerSecond, 0.01));

    private static string Loss(TrainingOptions options) => options.Loss switch
    {
        _ when options.Gate == GateKind.ClosedForm =>
            FormattableString.Invariant($"ArcFace margin {options.LossMargin:0.##}° over many classes"),
        LossKind.Arcface => FormattableString.Invariant($"ArcFace margin {options.LossMargin:0.##}°"),
        LossKind.SubCenter => FormattableString.Invariant($"sub-center ArcFace margin {options.LossMargin:0.##}°"),
        LossKind.Hsc => "hypersphere classifier",
        LossKind.Bce => "binary cross-entropy",
        _ => throw new NotSupportedException($"No loss {options.Loss}."),
    };

    private static string TimeLeft(EpochDone epoch) => Screen.Time((epoch.Epochs - epoch.Epoch - 1) * epoch.Seconds);

    /// <summary>A path quoted for a shell.</summary>
    private static string Argument(string path) => Screen.Escape(path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path);

    private static string Spread(Distribution cosines) =>
        cosines.Count == 0 ? "(none)" : FormattableString.Invariant($"{cosines.Mean:f2} ± {cosines.StandardDeviation:f2}");

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("f3", CultureInfo.InvariantCulture);

    private static string Rate(double rate) => rate.ToString(rate < 1e-5 ? "0.#e-0" : "0.#####", CultureInfo.InvariantCulture);

    private static string Listed(string what, IReadOnlyList<string> names) =>
        names.Count == 0 ? ""
            : Screen.Escape($"; {what}: {string.Join(", ", names.Take(3))}{(names.Count > 3 ? $" and {names.Count - 3} more" : "")}");
}
