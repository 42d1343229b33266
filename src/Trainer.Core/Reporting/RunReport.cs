using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Inspection;
using Trainer.Core.Runs;

namespace Trainer.Core.Reporting;

/// <summary>What there is to say about one run, before it becomes a page.</summary>
/// <param name="Name">The run's, for people: its folder's.</param>
/// <param name="BestEpoch">0-based epoch that the gate is of.</param>
/// <param name="Sets">What it was evaluated on; the first of role normal are the subject's photos.</param>
/// <param name="Hardest">The pictures that it gets most wrong, or comes closest to.</param>
/// <param name="Sheets">Pictures of each part and set.</param>
/// <param name="Skipped">What the run left out, and why.</param>
/// <param name="Notes">What the reader should know about the figures.</param>
/// <param name="Written">When.</param>
public sealed record RunReport(
    string Name,
    RunRecord Record,
    TrainingHistory History,
    Threshold Threshold,
    int BestEpoch,
    IReadOnlyList<SetResult> Sets,
    HardestPictures Hardest,
    IReadOnlyList<ContactSheet> Sheets,
    IReadOnlyList<SkippedFile> Skipped,
    IReadOnlyList<string> Notes,
    DateTimeOffset Written)
{
    /// <summary>The run's folder as a command names it, when it lies below the folder where the report was written; else its name alone.</summary>
    public string Run => Folder is { } folder && !Path.IsPathRooted(folder) ? folder : Name;

    /// <summary>The run's folder as it was named.</summary>
    public string? Folder { get; init; }

    /// <summary>What an inspection of the run's pictures warns of, the gravest first.</summary>
    public IReadOnlyList<DataWarning> Warnings { get; init; } = [];

    /// <summary>Where cosines lie among those of the calibration photos; null where that isn't known.</summary>
    public Nearness? Nearness { get; init; }

    /// <summary>What the start weights tell by themselves, beside the gate; none where that isn't known.</summary>
    public IReadOnlyList<Baseline> Baselines { get; init; } = [];

    /// <summary>The subject's photos; null when only negatives were evaluated.</summary>
    public SetResult? Normals => Sets.FirstOrDefault(set => set.Role == SetRole.Normal);

    /// <summary>What should be rejected.</summary>
    public IEnumerable<SetResult> Negatives => Sets.Where(set => set.Role == SetRole.Negative);
}

/// <summary>The pictures on the wrong side of the threshold, farthest first, filled up with those that are nearest to it.</summary>
/// <param name="Negatives">By falling cosine.</param>
/// <param name="Normals">By rising cosine.</param>
public sealed record HardestPictures(IReadOnlyList<HardPicture> Negatives, IReadOnlyList<HardPicture> Normals);

/// <summary>One picture, and where in it its cosine comes from.</summary>
/// <param name="Set">Name of its set.</param>
/// <param name="Name">Path below the set's folder.</param>
/// <param name="WebP">Its centre square.</param>
/// <param name="Doubt">Why nobody could tell what it shows, in words; null of ordinary pictures.</param>
public sealed record HardPicture(string Set, string Name, bool Accepted, byte[] WebP, EvidenceMap Evidence, string? Doubt = null);

/// <summary>Some of the pictures of a part or set, by rising cosine.</summary>
/// <param name="Part">"test", "calibration", "training", or "evaluated".</param>
/// <param name="Set">What the pictures show.</param>
/// <param name="Total">Pictures that there are; the sheet shows an even choice of them.</param>
/// <param name="Judged">False where the gate was not asked: training pictures.</param>
public sealed record ContactSheet(string Part, string Set, SetRole Role, int Total, bool Judged, IReadOnlyList<SheetPicture> Pictures);

/// <summary>A small picture.</summary>
/// <param name="Cosine">NaN where the gate was not asked.</param>
public sealed record SheetPicture(string Name, float Cosine, bool Accepted, byte[] WebP);
