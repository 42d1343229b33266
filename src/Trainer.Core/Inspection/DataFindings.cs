using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;

namespace Trainer.Core.Inspection;

/// <summary>What an inspection of the pictures found: for the terminal, for --json and for the report.</summary>
/// <param name="Warnings">What to do something about, the gravest first; empty when all is well.</param>
/// <param name="Sets">The folders, in the order in which they were given.</param>
/// <param name="Duplicates">Groups of pictures that are the same, those across sets first.</param>
/// <param name="Shortcuts">What each trivial property alone tells apart, for each negative set, the strongest first.</param>
/// <param name="Enough">Whether there are enough pictures for the promise.</param>
/// <param name="Suspects">Pictures that a trained gate finds odd in their set; empty without a run.</param>
public sealed record DataFindings(
    IReadOnlyList<DataWarning> Warnings,
    IReadOnlyList<SetFindings> Sets,
    IReadOnlyList<DuplicateGroup> Duplicates,
    IReadOnlyList<Shortcut> Shortcuts,
    EnoughPictures Enough,
    IReadOnlyList<SuspectList> Suspects);

/// <summary>Something wrong with the pictures, in plain words.</summary>
/// <param name="Text">What was found, in a sentence or two with figures.</param>
/// <param name="ToDo">What to do about it.</param>
public sealed record DataWarning(string Text, string ToDo);

/// <summary>One folder of pictures.</summary>
/// <param name="Name">"normal", "coco", or the name that was given.</param>
/// <param name="Pictures">That can be read.</param>
/// <param name="OtherFiles">Whose names are no picture's.</param>
/// <param name="Bytes">Of the pictures that can be read, together.</param>
/// <param name="Formats">By content, the most frequent first.</param>
/// <param name="Sizes">Null when no picture can be read.</param>
/// <param name="Unreadable">Named like pictures, but not to be read, and why.</param>
/// <param name="Odd">Readable, but not like a photo.</param>
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

/// <summary>How many pictures have a format.</summary>
/// <param name="Format">"JPEG", "PNG", …</param>
public sealed record FormatCount(string Format, int Pictures);

/// <summary>Sizes of a set's pictures in pixels, turned as people see them.</summary>
/// <param name="SquareShare">Share of the pictures whose sides differ by 1 % at most, 0 to 1.</param>
public sealed record PictureSizes(int SmallestWidth, int SmallestHeight, int MedianWidth, int MedianHeight, int LargestWidth, int LargestHeight, double SquareShare);

/// <summary>A picture that stands out.</summary>
/// <param name="Reason">Why: "nearly plain", "only 40x30 pixels", "7 times as long as wide".</param>
public sealed record OddPicture(string Name, string Path, string Reason);

/// <summary>Pictures that are the same, in one set or in several.</summary>
/// <param name="Pictures">At least two, the largest first.</param>
/// <param name="AcrossSets">True when they lie in different sets.</param>
/// <param name="Contradicts">True when the same picture is a normal and a negative.</param>
public sealed record DuplicateGroup(IReadOnlyList<DuplicatePicture> Pictures, bool AcrossSets, bool Contradicts);

/// <summary>One of several that are the same.</summary>
/// <param name="How">What it is beside the first of its group.</param>
public sealed record DuplicatePicture(string Set, string Name, string Path, int Width, int Height, DuplicateKind How);

/// <summary>How two pictures can be the same.</summary>
public enum DuplicateKind
{
    /// <summary>The one that the others are compared with.</summary>
    First,

    /// <summary>The same file.</summary>
    Equal,

    /// <summary>The same but for size or compression.</summary>
    Copy,

    /// <summary>The same, mirrored left to right; size and compression may differ too.</summary>
    Mirrored,
}

/// <summary>What can be said of a picture without looking at what it shows.</summary>
public enum TrivialProperty
{
    /// <summary>Longer side by shorter side.</summary>
    AspectRatio,

    /// <summary>Pixels.</summary>
    Width,

    /// <summary>Of the file, for each pixel.</summary>
    BytesPerPixel,

    /// <summary>By the quantisation tables, 1 to 100; JPEG files only.</summary>
    JpegQuality,

    /// <summary>Angle on the colour wheel, 0 to 360 degrees; 120 is green.</summary>
    Hue,

    /// <summary>Share of the pixels in which green is the strongest channel, 0 to 1.</summary>
    GreenShare,

    /// <summary>Mean, 0 to 255.</summary>
    Brightness,

    /// <summary>Mean difference from the neighbours' mean, 0 to 255, at 128x128.</summary>
    Sharpness,

    /// <summary>Distance of the border's mean colour from that of the normals, 0 to 441.</summary>
    BorderColour,
}

/// <summary>How the normals' values of a property lie beside the negatives'.</summary>
public enum ShortcutRelation
{
    /// <summary>Above.</summary>
    Higher,

    /// <summary>Below.</summary>
    Lower,

    /// <summary>Nearer to the normals' own middle than the negatives' are.</summary>
    Nearer,
}

/// <summary>How well one trivial property tells the normals from a negative set.</summary>
/// <param name="NegativeSet">Its name.</param>
/// <param name="Auroc">0.5 to 1: 0.5 tells nothing, 1 everything.</param>
/// <param name="Normals">The normals' values.</param>
/// <param name="Negatives">The negatives' values.</param>
/// <param name="Strong">True when a network could win by it alone.</param>
public sealed record Shortcut(
    TrivialProperty Property,
    string NegativeSet,
    double Auroc,
    ShortcutRelation Relation,
    Distribution Normals,
    Distribution Negatives,
    bool Strong);

/// <summary>What so many pictures allow to promise.</summary>
/// <param name="Accept">Share of the subject's photos that the threshold is to accept.</param>
/// <param name="Normals">Different ones that can be read.</param>
/// <param name="CalibrationNormals">How many of them set the threshold.</param>
/// <param name="AcceptInterval">Where the accept rate lies with 95 % confidence.</param>
/// <param name="Needed">How many would make it firmer.</param>
/// <param name="Negatives">Different ones that can be read.</param>
/// <param name="TestNegatives">How many of them are kept for the test.</param>
/// <param name="FewestFalseAccepts">With none of them accepted, a false accept rate up to this is still possible, at 95 % confidence.</param>
public sealed record EnoughPictures(
    double Accept,
    int Normals,
    int CalibrationNormals,
    BinomialInterval AcceptInterval,
    IReadOnlyList<NeededNormals> Needed,
    int Negatives,
    int TestNegatives,
    double FewestFalseAccepts);

/// <summary>How many normals keep the accept rate from falling further than <paramref name="Below"/> under what was asked for, with 95 % confidence.</summary>
/// <param name="Below">0 to 1.</param>
/// <param name="Calibration">In the calibration part.</param>
/// <param name="Normals">In all.</param>
public sealed record NeededNormals(double Below, int Calibration, int Normals);

/// <summary>Pictures of a set that a trained gate finds odd, the oddest first.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Role">Suspect normals lie far from the centroid, suspect negatives near it: they may show the subject.</param>
public sealed record SuspectList(string Set, SetRole Role, IReadOnlyList<Suspect> Pictures);

/// <summary>A picture to look at.</summary>
/// <param name="Cosine">To the centroid, −1 to 1.</param>
/// <param name="Accepted">True when the gate lets it through.</param>
public sealed record Suspect(string Name, string Path, double Cosine, bool Accepted);
