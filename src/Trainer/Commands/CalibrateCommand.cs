using System.CommandLine;
using Trainer.Commands.Options;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Training;
using Trainer.Core.Wording;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer calibrate: sets a new threshold for a trained gate.</summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        var command = new Command("calibrate", "Sets a new threshold for a trained gate, for another accept rate or by your own photos. "
            + "Nothing is trained.\n"
            + "Example: trainer calibrate --run runs/rice --accept 0.98\n"
            + "Example: trainer calibrate --run runs/rice --normal photos/from-the-field");
        var run = CommonOptions.Run();
        var accept = new Option<double?>("--accept")
        {
            Description = "Share of the subject's photos that the threshold should accept. Default: what the gate promises now.",
            HelpName = "SHARE"
        };
        var normal = CommonOptions.Folder("--normal", "Photos of the subject that set the centroid and the threshold. Default: the run's "
            + "own calibration part.");
        var coco = CommonOptions.Folder(
            "--coco", "Ordinary photos, to count how many get through. Default: the run's own calibration part.");
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        Array.ForEach<Option>([run, accept, normal, coco, device, threads], command.Options.Add);
        command.SetAction(result =>
        {
            var folder = RunFolder.Open(result.GetValue(run)!); // required
            if (result.GetValue(accept) is null && result.GetValue(normal) is null)
            {
                throw new TrainerException("Say what to change: --accept SHARE for another accept rate, --normal DIR for your own photos. "
                    + "Nothing was changed.");
            }

            var asked = CommonOptions.Checked(result.GetValue(accept));
            var skipped = new SkippedFiles();
            skipped.Skipped += file => Screen.Note($"skipped {file.Path}: {file.Reason}");
            var used = CommonOptions.Resolve(result.GetValue(threads));
            var torchDevice = TorchRuntime.Prepare(result.GetValue(device)!, used, Screen.Note); // has a default
            using var gate = TrainedGate.Load(folder.BestCheckpoint, torchDevice);
            var before = gate.Checkpoint.Threshold;
            var normals = result.GetValue(normal) is { } photos ? EvaluationSets.Scan(photos, skipped)
                : Recalibration.OwnNormals(folder, gate, Screen.Note);
            var negatives = result.GetValue(coco) is { } others ? EvaluationSets.Scan(others, skipped)
                : RunPictures.CalibrationPart(folder, SetLabel.Negative, Screen.Note);
            if (result.GetValue(normal) is not null && RunParts.CountTrained(folder, normals) is > 0 and var trained)
            {
                Screen.Note($"{trained} of the {Counted.Of(normals.Count, "photo")} trained this gate. It knows them, so they make the "
                    + "threshold too strict. Leave them out.");
            }

            var hadExports = GateFile.HasExports(folder.Gate);
            var (threshold, found) = Screen.Progress(
                "calibrating",
                Recalibration.ViewsOf(gate, normals.Count, negatives.Count),
                silent: false,
                done => Recalibration.Write(
                    folder, gate, new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, used, skipped), normals, negatives,
                asked ?? before.PromisedAcceptRate, (count, _) => done(count)));
            Screen.Line(FormattableString.Invariant($"before  accepted from a cosine of {before.Cosine:f4} on. {before.Promise}"));
            Screen.Line(FormattableString.Invariant(
                $"[bold]now[/]     accepted from a cosine of [bold]{threshold.Cosine:f4}[/] on. {threshold.Promise}"));
            if (found.Negatives.Count > 0)
            {
                Screen.Line(FormattableString.Invariant(
                    $"Of {Counted.Of(found.Negatives.Count, "ordinary photo")}, {100 * found.FalseAcceptRate:f1} % are accepted too."));
            }

            if (hadExports)
            {
                Screen.Note("files that were exported before still use the old threshold. Write them again: trainer export --run "
                    + $"{folder.Path} --onnx");
            }

            if (File.Exists(folder.Report))
            {
                Screen.Note($"report.html still shows the old threshold. Write it again: trainer report {folder.Path}");
            }
        });
        return command;
    }
}
