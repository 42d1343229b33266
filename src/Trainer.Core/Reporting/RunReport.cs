using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Inspection;
using Trainer.Core.Runs;

namespace Trainer.Core.Reporting;

/// <summary>The content of a run's report before it becomes a page.</summary>
/// <param name="Name">Name of the run for people, which is that of its folder.</param>
/// <param name="BestEpoch">Epoch that the gate comes from, 0-based.</param>
/// <param name="Sets">Results on the evaluated sets; the first with the role normal holds the subject's photos.</param>
/// <param name="Hardest">The pictures that the gate gets most wrong, or that are closest to the threshold.</param>
/// <param name="Sheets">Pictures of each part and set.</param>
/// <param name="Skipped">Pictures that the run left out, with the reasons.</param>
/// <param name="Notes">What the reader should know about the figures.</param>
/// <param name="Written">Time of writing.</param>
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
    /// <summary>The run's folder for use in a command if the user gave a relative path; otherwise its name alone.</summary>
    public string Run => Folder is { } folder && !Path.IsPathRooted(folder) ? folder : Name;

    /// <summary>The run's folder as the user named it.</summary>
    public string? Folder { get; init; }

    /// <summary>Warnings from an inspection of the run's pictures, the gravest first.</summary>
    public IReadOnlyList<DataWarning> Warnings { get; init; } = [];

    /// <summary>Where cosines lie among those of the calibration photos; null where that isn't known.</summary>
    public Nearness? Nearness { get; init; }

    /// <summary>How well the start weights do alone, compared with the gate; empty if that isn't known.</summary>
    public IReadOnlyList<Baseline> Baselines { get; init; } = [];

    /// <summary>The subject's photos; null when only negatives were evaluated.</summary>
    public SetResult? Normals => Sets.FirstOrDefault(set => set.Role == SetRole.Normal);

    /// <summary>The sets that should be rejected.</summary>
    public IEnumerable<SetResult> Negatives => Sets.Where(set => set.Role == SetRole.Negative);
}

/// <summary>
/// The pictures on the wrong side of the threshold, farthest first, followed by those on the right side that are nearest to it.
/// </summary>
/// <param name="Negatives">In order of falling cosine.</param>
/// <param name="Normals">In order of rising cosine.</param>
public sealed record HardestPictures(IReadOnlyList<HardPicture> Negatives, IReadOnlyList<HardPicture> Normals);

/// <summary>One picture, with the map of the places that its cosine comes from.</summary>
/// <param name="Set">Name of its set.</param>
/// <param name="Name">Path relative to the set's folder.</param>
/// <param name="WebP">Its centre square.</param>
/// <param name="Doubt">Why nobody could tell what it shows, in words; null of ordinary pictures.</param>
public sealed record HardPicture(string Set, string Name, bool Accepted, byte[] WebP, EvidenceMap Evidence, string? Doubt = null);

/// <summary>Some of the pictures of a part or set, in order of rising cosine.</summary>
/// <param name="Part">"test", "calibration", "training", or "evaluated".</param>
/// <param name="Set">What the pictures show.</param>
/// <param name="Total">Number of pictures in the part or set, of which the sheet shows a selection.</param>
/// <param name="Judged">False for training pictures, to which the gate isn't applied.</param>
public sealed record ContactSheet(string Part, string Set, SetRole Role, int Total, bool Judged, IReadOnlyList<SheetPicture> Pictures);

/// <summary>A small picture.</summary>
/// <param name="Cosine">Cosine to the centroid; NaN if the gate wasn't applied.</param>
public sealed record SheetPicture(string Name, float Cosine, bool Accepted, byte[] WebP);
