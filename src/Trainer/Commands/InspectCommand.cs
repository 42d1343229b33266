using System.CommandLine;
using System.Text.Json;
using Trainer.Commands.Options;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Inspection;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Terminal;
using Trainer.Terminal.Results;

namespace Trainer.Commands;

/// <summary>trainer inspect: finds problems with the pictures before training.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var folders = new Folders();
        var accept = new Option<double>("--accept")
        {
            Description = "Share of the subject's photos that the threshold should accept; decides how many photos are enough.",
            HelpName = "SHARE",
            DefaultValueFactory = _ => 0.95
        };
        var run = CommonOptions.Folder("--run", "A trained run. Also lists the pictures that its gate finds odd, and uses its folders if "
            + "none are named.");
        var json = CommonOptions.Json("one JSON object");
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command("inspect", "Looks for problems with the pictures: copies, unreadable files, too few pictures, and "
            + "properties that give the answer away.\n"
            + "Example: trainer inspect --normal rice/ --coco coco/ --negative weeds=photos/weeds");
        folders.All.ForEach(command.Options.Add);
        Array.ForEach<Option>([accept, run, json, device, threads], command.Options.Add);
        command.SetAction(result =>
        {
            var used = CommonOptions.Resolve(result.GetValue(threads));
            var wanted = CommonOptions.Checked(result.GetValue(accept))!.Value; // has a default
            var opened = result.GetValue(run) is { } path ? RunFolder.Open(path) : null;
            var record = opened?.ReadRecord();
            var sets = folders.Sets(result, record?.Options);
            var skipped = new SkippedFiles();
            var total = sets.Sum(set => set.Pictures.Images.Count);
            var silent = result.GetValue(json);
            var findings = Screen.Progress(
                "inspecting", total, silent, done =>
                new Inspector(record?.Options.Preprocessing ?? Preprocessing.Default, used).Inspect(sets, wanted, skipped, done));
            if (opened is not null)
            {
                // has a default
                using var gate = TrainedGate.Load(opened.BestCheckpoint, TorchRuntime.Prepare(result.GetValue(device)!, used, Screen.Note));
                var loader = new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, used, skipped);
                findings = findings with
                {
                    Suspects = Screen.Progress("asking the gate", total, silent, done => AskGate(gate, loader, sets, done)),
                };
            }

            if (silent)
            {
                Console.WriteLine(JsonSerializer.Serialize(findings, Json.Line));
            }
            else
            {
                InspectionText.Print(findings);
            }
        });
        return command;
    }

    private static IReadOnlyList<SuspectList> AskGate(
        TrainedGate gate, BatchLoader loader, IReadOnlyList<InspectionSet> sets, Action<int> done)
    {
        var before = 0;
        return [.. sets.Select(set =>
        {
            var list = Suspects.Find(gate, loader, set.Name, set.Role, set.Pictures.Images, count => done(before + count));
            before += set.Pictures.Images.Count;
            return list;
        })];
    }

    /// <summary>The options that name folders.</summary>
    private sealed class Folders
    {
        private readonly Option<string> normal = CommonOptions.Folder("--normal", "Photos of the subject; searched in all subfolders.");
        private readonly Option<string> coco =
            CommonOptions.Folder("--coco", "Ordinary photos, such as COCO's; searched in all subfolders.");
        private readonly Option<string> validNormal = CommonOptions.Folder("--valid-normal", "Photos of the subject for calibration and "
            + "test.");
        private readonly Option<string> validCoco = CommonOptions.Folder("--valid-coco", "Ordinary photos for calibration and test.");
        private readonly Option<string[]> negatives =
            CommonOptions.Negatives("A named set that should be rejected; can be given several times.");

        public List<Option> All => [normal, coco, validNormal, validCoco, negatives];

        public IReadOnlyList<InspectionSet> Sets(ParseResult result, SavedOptions? run)
        {
            var named = (result.GetValue(negatives) ?? []).Select(CommonOptions.Named);
            (string Name, SetRole Role, string? Folder)[] folders =
            [
                (InspectionSet.Normal, SetRole.Normal, result.GetValue(normal) ?? run?.Normal),
                (InspectionSet.Coco, SetRole.Negative, result.GetValue(coco) ?? run?.Coco),
                (InspectionSet.ValidNormal, SetRole.Normal, result.GetValue(validNormal) ?? run?.ValidNormal),
                (InspectionSet.ValidCoco, SetRole.Negative, result.GetValue(validCoco) ?? run?.ValidCoco),
                .. named.Select(set => (set.Name, SetRole.Negative, (string?)set.Folder)),
            ];
            if (folders[0].Folder is null || folders[1].Folder is null)
            {
                throw new TrainerException(
                    "Name the folders of pictures, --normal DIR and --coco DIR, or a run that knows them, --run DIR.");
            }

            CommonOptions.RequireDifferentNames(folders.Select(set => set.Name));
            return [.. folders.Where(set => set.Folder is not null)
                .Select(set => new InspectionSet(set.Name, set.Role, ImageFolder.Scan(set.Folder!)))];
        }
    }
}
