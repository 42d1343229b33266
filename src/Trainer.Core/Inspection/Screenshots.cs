using System.Globalization;

namespace Trainer.Core.Inspection;

/// <summary>Tells pictures that a program saved from pictures that a camera took, by their formats.</summary>
internal static class Screenshots
{
    private const double FarApart = 0.5;

    private static readonly string[] WithoutLoss = ["PNG", "GIF", "TIFF", "BMP", "TGA", "PBM/PGM/PPM"];

    /// <summary>
    /// True when one set has a far larger share of lossless files than the other. Other differences between the files then say nothing
    /// more.
    /// </summary>
    public static bool Differ(SetFindings normals, SetFindings negatives) => Math.Abs(Share(normals) - Share(negatives)) >= FarApart;

    /// <summary>The warning about such sets.</summary>
    public static DataWarning Warning(SetFindings normals, SetFindings negatives)
    {
        var more = Share(normals) > Share(negatives) ? normals : negatives;
        // The most frequent lossless format; there is one, because the shares differ.
        var format = more.Formats.First(format => WithoutLoss.Contains(format.Format)).Format;
        return new(
            $"{Percent(Share(normals))} of the normals are {format} or a similar format, and {Percent(Share(negatives))} of "
                + $"{negatives.Name}. Cameras write JPEG or HEIC, so these look like screenshots or like pictures that a program saved. "
                + "A model can succeed by this difference without looking at the subject.",
            $"In '{more.Folder}', use photos as a camera took them, not screenshots of photos.");
    }

    private static double Share(SetFindings set) =>
        set.Pictures == 0 ? 0
        : (double)set.Formats.Where(format => WithoutLoss.Contains(format.Format)).Sum(format => format.Pictures) / set.Pictures;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:f0} %");
}
