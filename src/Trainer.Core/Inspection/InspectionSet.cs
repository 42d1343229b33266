using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;

namespace Trainer.Core.Inspection;

/// <summary>A folder to inspect.</summary>
/// <param name="Name">One of the four names below, or the user's name for a set that is only evaluated. Each name occurs once.</param>
public sealed record InspectionSet(string Name, SetRole Role, ImageFolder Pictures)
{
    /// <summary>Name of the set of normals that training reads.</summary>
    public const string Normal = "normal";

    /// <summary>Name of the set of negatives that training reads.</summary>
    public const string Coco = "coco";

    /// <summary>Name of the set of normals for calibration and test, where these have a separate folder.</summary>
    public const string ValidNormal = "valid-normal";

    /// <summary>The same for negatives.</summary>
    public const string ValidCoco = "valid-coco";
}

/// <summary>A picture that could be read, and where it came from.</summary>
internal sealed record InspectedPicture(InspectionSet Set, ImageEntry Image, PictureFacts Facts);
