using System.CommandLine;
using System.Text.Json.Nodes;
using Trainer.Commands.Options;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Trainer.Core.Training.Saving;
using Trainer.Core.Wording;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer train: trains a gate from folders of pictures, and writes a run folder.</summary>
internal static class TrainCommand
{
    /// <summary>
    /// Fewest photos of the subject to train on without --force. With fewer, at most one is left for the test, which says nothing about the
    /// gate.
    /// </summary>
    private const int FewestUnforced = 10;

    public static Command Create()
    {
        var command = new Command("train", "Trains a gate from a folder of photos of one subject and a folder of ordinary photos.\n"
            + "Example: trainer train --normal rice/ --coco coco/");
        var options = new TrainingOptionSet(command);
        var config = new Option<string>(
            "--config")
        { Description = "JSON file of options that differ from the defaults. The command line takes precedence.", HelpName = "FILE" };
        var json = CommonOptions.Json("a JSON object a line");
        var tensorBoard =
            new Option<bool>("--tensorboard") { Description = "Also write event files for TensorBoard, into the run's folder." };
        var noReport = new Option<bool>(
            "--no-report")
        { Description = "Don't write report.html afterwards; 'trainer report' writes it at any time." };
        var force = new Option<bool>("--force") { Description = $"Train on fewer than {FewestUnforced} photos of the subject." };
        var resume = new Option<string>(
            "--resume")
        {
            Description = "Continue this run exactly as if it had never stopped. No other option is needed.",
            HelpName = "RUN"
        };
        command.Options.Add(config);
        command.Options.Add(resume);
        command.Options.Add(json);
        command.Options.Add(tensorBoard);
        command.Options.Add(noReport);
        command.Options.Add(force);
        var ranks = new TrainingRanks(command);
        command.SetAction(result => ranks.Run(result, together =>
        {
            JsonObject[] given = result.GetValue(config) is { } file ? [OptionsFile.Read(file), options.Given(result)]
                : [options.Given(result)];
            using var display = ITrainingDisplay.Choose(result.GetValue(json));
            var show = Interruption.Minding(together.IsLeader ? display.Show : _ => { });
            var plan = result.GetValue(resume) is { } run
                ? TrainingPlan.Resume(ResumedRun.Open(run, given), show, together, Interruption.Token)
                : TrainingPlan.Make([DefaultOut(given), .. given], show, together, Interruption.Token);
            if (plan.Resumed is null && !result.GetValue(force))
            {
                RequireEnough(plan);
            }

            var events = result.GetValue(tensorBoard) && together.IsLeader ? new TensorBoardLog(plan.Folder.TensorBoard) : null;
            var done = new TrainingLoop(plan, events is null ? show : events.Add + show).Run(Interruption.Token);
            if (!result.GetValue(noReport) && together.IsLeader)
            {
                Interruption.Say($"stopped; the run is complete, and only its report is missing. Write it: trainer report {done.Folder}");
                Reports.AfterTraining(plan.Options with { Out = done.Folder }, display.Show);
            }
        }));
        return command;
    }

    private static void RequireEnough(TrainingPlan plan)
    {
        var normals = plan.Data.Normals;
        var count = normals.Train.Count + normals.Calibration.Count + normals.Test.Count;
        if (count < FewestUnforced)
        {
            throw new TrainerException(
                $"There are only {Counted.Of(count, "photo")} of the subject in '{plan.Options.Normal}'. A gate from so few may accept "
                + "anything or nothing, and its figures would say nothing about it. "
                + "Take 100 photos, of different things on different days; to see what comes out all the same, add --force.");
        }
    }

    /// <summary>The default of --out: runs/ and the name of the normals' folder.</summary>
    private static JsonObject DefaultOut(JsonObject[] given)
    {
        var normal = given.Select(layer => layer["normal"]).LastOrDefault(value => value is not null);
        var name = normal is JsonValue value && value.TryGetValue<string>(out var folder) && folder.Length > 0
            ? new DirectoryInfo(folder).Name : "";
        return new JsonObject { ["out"] = Path.Combine("runs", name is "/" or "" ? "run" : name) };
    }
}
