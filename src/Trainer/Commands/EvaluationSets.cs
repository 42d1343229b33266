using System.CommandLine;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Runs;
using Trainer.Core.Validation;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>The options that say what a gate is evaluated on.</summary>
internal sealed class EvaluationSets
{
    private readonly Option<string> normal = new("--normal") { Description = "Photos of the subject. Default: the run's own test part.", HelpName = "DIR" };
    private readonly Option<string> coco = new("--coco") { Description = "Ordinary photos. Default, without any folder: the run's own test part.", HelpName = "DIR" };
    private readonly Option<string[]> negatives = new("--negative") { Description = "A named set that should be rejected; can be given several times.", HelpName = "NAME=DIR" };

    public EvaluationSets(Command command)
    {
        command.Options.Add(normal);
        command.Options.Add(coco);
        command.Options.Add(negatives);
    }

    /// <summary>True when no folder is named: then a run's own test part is meant.</summary>
    public bool AreOwn(ParseResult result) => result.GetValue(normal) is null && result.GetValue(coco) is null && result.GetValue(negatives) is null or [];

    /// <summary>True when the normals are those of the run's own test part.</summary>
    public bool TakeOwnNormals(ParseResult result) => result.GetValue(normal) is null;

    /// <summary>The sets for one run.</summary>
    /// <param name="skipped">Takes what can't be read.</param>
    public IReadOnlyList<EvaluationSet> For(RunFolder run, ParseResult result, SkippedFiles skipped)
    {
        if (AreOwn(result))
        {
            return RunPictures.TestSets(run, Screen.Note);
        }

        var sets = new List<EvaluationSet>
        {
            result.GetValue(normal) is { } photos ? new("normal", SetRole.Normal, Scan(photos, skipped)) : RunPictures.TestNormals(run, Screen.Note),
        };
        if (result.GetValue(coco) is { } ordinary)
        {
            sets.Add(new("coco", SetRole.Negative, Scan(ordinary, skipped)));
        }

        sets.AddRange((result.GetValue(negatives) ?? []).Select(CommonOptions.Named).Select(set => new EvaluationSet(set.Name, SetRole.Negative, Scan(set.Folder, skipped))));
        CommonOptions.RequireDifferentNames(sets.Select(set => set.Name));
        return sets;
    }

    /// <summary>The pictures of a folder; what can't be read is noted.</summary>
    public static IReadOnlyList<ImageEntry> Scan(string folder, SkippedFiles skipped)
    {
        var scan = ImageFolder.Scan(folder);
        foreach (var file in scan.Skipped)
        {
            skipped.Add(file);
        }

        return scan.Images;
    }
}
