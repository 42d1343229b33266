using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;

namespace Trainer.Core.Inspection;

/// <summary>A folder to inspect.</summary>
/// <param name="Name">One of the four below, or the user's for a set that only evaluates; each only once.</param>
public sealed record InspectionSet(string Name, SetRole Role, ImageFolder Pictures)
{
    /// <summary>Name of the normals that train.</summary>
    public const string Normal = "normal";

    /// <summary>Name of the negatives that train.</summary>
    public const string Coco = "coco";

    /// <summary>Name of the normals that calibrate and test, where they have a folder of their own.</summary>
    public const string ValidNormal = "valid-normal";

    /// <summary>The same for negatives.</summary>
    public const string ValidCoco = "valid-coco";
}

/// <summary>A picture that could be read, and where it came from.</summary>
internal sealed record InspectedPicture(InspectionSet Set, ImageEntry Image, PictureFacts Facts);
