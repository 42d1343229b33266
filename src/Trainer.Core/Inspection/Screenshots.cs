using System.Globalization;

namespace Trainer.Core.Inspection;

/// <summary>Tells pictures that a program saved from those that a camera took, by their formats.</summary>
internal static class Screenshots
{
    private const double FarApart = 0.5;

    private static readonly string[] WithoutLoss = ["PNG", "GIF", "TIFF", "BMP", "TGA", "PBM/PGM/PPM"];

    /// <summary>True when far more pictures of one set than of the other are kept without loss: then other differences of their files say no more.</summary>
    public static bool Differ(SetFindings normals, SetFindings negatives) => Math.Abs(Share(normals) - Share(negatives)) >= FarApart;

    /// <summary>What to say of such sets.</summary>
    public static DataWarning Warning(SetFindings normals, SetFindings negatives)
    {
        var more = Share(normals) > Share(negatives) ? normals : negatives;
        var format = more.Formats.First(format => WithoutLoss.Contains(format.Format)).Format; // the most frequent; they differ, so there is one
        return new(
            $"{Percent(Share(normals))} of the normals are {format} or the like, {Percent(Share(negatives))} of {negatives.Name}. Cameras write JPEG or HEIC, so these look like screenshots, or like pictures that a program saved: "
                + "a model can win by that without looking at the subject.",
            $"Use photos in '{more.Folder}' as a camera took them; a screenshot of a photo isn't one.");
    }

    private static double Share(SetFindings set) => set.Pictures == 0 ? 0 : (double)set.Formats.Where(format => WithoutLoss.Contains(format.Format)).Sum(format => format.Pictures) / set.Pictures;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:f0} %");
}
