using System.CommandLine;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Runs;
using Trainer.Terminal;

namespace Trainer.Commands.Options;

/// <summary>The options that name the sets to evaluate a gate on.</summary>
internal sealed class EvaluationSets
{
    private const string Coco = "coco";

    private readonly Option<string> normal = CommonOptions.Folder("--normal", "Photos of the subject. Default: the run's own test part.");
    private readonly Option<string> coco = CommonOptions.Folder("--coco", "Ordinary photos. Default: the run's own test part.");
    private readonly Option<string[]> negatives = CommonOptions.Negatives("A named set that should be rejected, in addition to the "
        + "ordinary photos; can be given several times.");

    public EvaluationSets(Command command)
    {
        command.Options.Add(normal);
        command.Options.Add(coco);
        command.Options.Add(negatives);
    }

    /// <summary>True if no folder is named, so that the run's own test part is used.</summary>
    public bool AreOwn(ParseResult result) =>
        result.GetValue(normal) is null && result.GetValue(coco) is null && result.GetValue(negatives) is null or [];

    /// <summary>True if the normals are those of the run's own test part.</summary>
    public bool TakeOwnNormals(ParseResult result) => result.GetValue(normal) is null;

    /// <summary>The file for the report on the sets. The report on the run's own test part has its own file.</summary>
    public string PageOf(RunFolder run, ParseResult result) => AreOwn(result) ? run.Report : run.Evaluated;

    /// <summary>The sets for one run: its own test part and each named folder. A named folder replaces the set of the same name.</summary>
    /// <param name="skipped">Receives the files that can't be read.</param>
    public IReadOnlyList<EvaluationSet> For(RunFolder run, ParseResult result, SkippedFiles skipped)
    {
        var normals = result.GetValue(normal) is { } photos ? new("normal", SetRole.Normal, Scan(photos, skipped))
            : RunPictures.TestNormals(run, Screen.Note);
        var named = Named(result).Select(set => new EvaluationSet(set.Name, SetRole.Negative, Scan(set.Folder, skipped))).ToArray();
        CommonOptions.RequireDifferentNames([normals.Name, .. named.Select(set => set.Name)]);
        EvaluationSet[] negatives = [.. OwnNegatives(run, named), .. named];
        return [normals, .. negatives.OrderByDescending(set => set.Name == Coco)]; // stable
    }

    private IEnumerable<(string Name, string Folder)> Named(ParseResult result) =>
        [.. result.GetValue(coco) is { } ordinary ? [(Coco, ordinary)] : Array.Empty<(string, string)>(),
            .. (result.GetValue(negatives) ?? []).Select(CommonOptions.Named)];

    /// <summary>
    /// The run's own negatives that no named set replaces. A verdict on named sets alone could miss that ordinary photos get through.
    /// </summary>
    private static IReadOnlyList<EvaluationSet> OwnNegatives(RunFolder run, EvaluationSet[] named)
    {
        try
        {
            return RunPictures.TestNegatives(run, Screen.Note, except: [.. named.Select(set => set.Name)]);
        }
        catch (TrainerException e) when (named.Length > 0)
        {
            Screen.Note($"the run's own ordinary photos aren't measured: {e.Message}");
            return [];
        }
    }

    /// <summary>The pictures of a folder; files that can't be read are added to the skipped files.</summary>
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
