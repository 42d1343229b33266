using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;

namespace Trainer.Core.Inspection;

/// <summary>The findings of an inspection, for the terminal, for --json and for the report.</summary>
/// <param name="Warnings">Problems that need action, the gravest first; empty when there are none.</param>
/// <param name="Sets">The folders, in the order in which they were given.</param>
/// <param name="Duplicates">Groups of pictures that are the same; groups across sets come first.</param>
/// <param name="Shortcuts">
/// For each negative set, how well each trivial property alone tells it from the normals, the strongest first.
/// </param>
/// <param name="Enough">Whether there are enough pictures to keep the promised accept rate.</param>
/// <param name="Suspects">Pictures that a trained gate finds odd in their set; empty without a run.</param>
public sealed record DataFindings(
    IReadOnlyList<DataWarning> Warnings,
    IReadOnlyList<SetFindings> Sets,
    IReadOnlyList<DuplicateGroup> Duplicates,
    IReadOnlyList<Shortcut> Shortcuts,
    EnoughPictures Enough,
    IReadOnlyList<SuspectList> Suspects);

/// <summary>A problem with the pictures, in plain words.</summary>
/// <param name="Text">What was found, in a sentence or two with figures.</param>
/// <param name="ToDo">What to do about it.</param>
public sealed record DataWarning(string Text, string ToDo);

/// <summary>One folder of pictures.</summary>
/// <param name="Name">"normal", "coco", or the name that the user gave.</param>
/// <param name="Pictures">Number of pictures that can be read.</param>
/// <param name="OtherFiles">Number of files whose names are not those of pictures.</param>
/// <param name="Bytes">Total size of the pictures that can be read.</param>
/// <param name="Formats">Formats of the files by their content, the most frequent first.</param>
/// <param name="Sizes">Sizes of the pictures; null when none can be read.</param>
/// <param name="Unreadable">Files with names of pictures that can't be read, with the reasons.</param>
/// <param name="Odd">Pictures that can be read but don't look like photos.</param>
public sealed record SetFindings(
    string Name,
    SetRole Role,
    string Folder,
    int Pictures,
    int OtherFiles,
    long Bytes,
    IReadOnlyList<FormatCount> Formats,
    PictureSizes? Sizes,
    IReadOnlyList<SkippedFile> Unreadable,
    IReadOnlyList<OddPicture> Odd);

/// <summary>The number of pictures in one format.</summary>
/// <param name="Format">"JPEG", "PNG", …</param>
public sealed record FormatCount(string Format, int Pictures);

/// <summary>Sizes of a set's pictures in pixels, in the orientation in which people see them.</summary>
/// <param name="SquareShare">Share of the pictures whose sides differ by at most 1 %, 0 to 1.</param>
public sealed record PictureSizes(
    int SmallestWidth, int SmallestHeight, int MedianWidth, int MedianHeight, int LargestWidth, int LargestHeight, double SquareShare);

/// <summary>A picture that stands out.</summary>
/// <param name="Reason">Why: "nearly plain", "only 40x30 pixels", "7 times as long as wide".</param>
public sealed record OddPicture(string Name, string Path, string Reason);

/// <summary>Pictures that are the same, in one set or in several.</summary>
/// <param name="Pictures">At least two, the largest first.</param>
/// <param name="AcrossSets">True when they lie in different sets.</param>
/// <param name="Contradicts">True when the same picture is a normal and a negative.</param>
public sealed record DuplicateGroup(IReadOnlyList<DuplicatePicture> Pictures, bool AcrossSets, bool Contradicts);

/// <summary>One picture of a group that are the same.</summary>
/// <param name="How">How it relates to the first picture of its group.</param>
public sealed record DuplicatePicture(string Set, string Name, string Path, int Width, int Height, DuplicateKind How);

/// <summary>How two pictures can be the same.</summary>
public enum DuplicateKind
{
    /// <summary>The picture that the others are compared with.</summary>
    First,

    /// <summary>The same file.</summary>
    Equal,

    /// <summary>The same except for size or compression.</summary>
    Copy,

    /// <summary>The same, mirrored left to right; size and compression may differ too.</summary>
    Mirrored,
}

/// <summary>A property that can be measured without looking at what a picture shows.</summary>
public enum TrivialProperty
{
    /// <summary>Longer side divided by shorter side.</summary>
    AspectRatio,

    /// <summary>Width in pixels.</summary>
    Width,

    /// <summary>Size of the file divided by the number of pixels.</summary>
    BytesPerPixel,

    /// <summary>Quality by the quantisation tables, 1 to 100; JPEG files only.</summary>
    JpegQuality,

    /// <summary>Mean hue as an angle on the colour wheel, 0 to 360 degrees; 120 is green.</summary>
    Hue,

    /// <summary>Share of the pixels in which green is the strongest channel, 0 to 1.</summary>
    GreenShare,

    /// <summary>Mean brightness, 0 to 255.</summary>
    Brightness,

    /// <summary>Mean difference of a pixel from the mean of its neighbours, 0 to 255, at 128x128.</summary>
    Sharpness,

    /// <summary>Distance of the border's mean colour from the mean border colour of the normals, 0 to 441.</summary>
    BorderColour,
}

/// <summary>How the normals' values of a property compare with the negatives' values.</summary>
public enum ShortcutRelation
{
    /// <summary>The normals' values are higher.</summary>
    Higher,

    /// <summary>The normals' values are lower.</summary>
    Lower,

    /// <summary>The normals' values are nearer to their own median than the negatives' values are.</summary>
    Nearer,
}

/// <summary>How well one trivial property tells the normals from a negative set.</summary>
/// <param name="NegativeSet">Name of the negative set.</param>
/// <param name="Auroc">0.5 to 1: 0.5 tells nothing apart, 1 everything.</param>
/// <param name="Normals">The normals' values.</param>
/// <param name="Negatives">The negatives' values.</param>
/// <param name="Strong">True when a network could tell the sets apart by this property alone.</param>
public sealed record Shortcut(
    TrivialProperty Property,
    string NegativeSet,
    double Auroc,
    ShortcutRelation Relation,
    Distribution Normals,
    Distribution Negatives,
    bool Strong);

/// <summary>What can be promised with this many pictures.</summary>
/// <param name="Accept">Share of the subject's photos that the threshold should accept.</param>
/// <param name="Normals">Number of different normals that can be read.</param>
/// <param name="CalibrationNormals">Number of normals that set the threshold.</param>
/// <param name="AcceptInterval">Bounds of the accept rate at 95 % confidence.</param>
/// <param name="Needed">How many normals narrower bounds would need.</param>
/// <param name="Negatives">Number of different negatives that can be read.</param>
/// <param name="TestNegatives">Number of negatives that are kept for the test.</param>
/// <param name="FewestFalseAccepts">
/// Upper bound, at 95 % confidence, of the false accept rate when the test accepts none of these negatives.
/// </param>
public sealed record EnoughPictures(
    double Accept,
    int Normals,
    int CalibrationNormals,
    BinomialInterval AcceptInterval,
    IReadOnlyList<NeededNormals> Needed,
    int Negatives,
    int TestNegatives,
    double FewestFalseAccepts);

/// <summary>
/// How many normals are needed so that the accept rate is at most <paramref name="Below"/> under the requested rate, at 95 % confidence.
/// </summary>
/// <param name="Below">Largest shortfall of the accept rate, 0 to 1.</param>
/// <param name="Calibration">Normals needed in the calibration part.</param>
/// <param name="Normals">Normals needed in total.</param>
public sealed record NeededNormals(double Below, int Calibration, int Normals);

/// <summary>Pictures of a set that a trained gate finds odd, the oddest first.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Role">Suspect normals are far from the centroid. Suspect negatives are near to it and may show the subject.</param>
public sealed record SuspectList(string Set, SetRole Role, IReadOnlyList<Suspect> Pictures);

/// <summary>A picture that the user should look at.</summary>
/// <param name="Cosine">Cosine to the centroid, −1 to 1.</param>
/// <param name="Accepted">True when the gate accepts the picture.</param>
public sealed record Suspect(string Name, string Path, double Cosine, bool Accepted);
