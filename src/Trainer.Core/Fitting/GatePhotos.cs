using Trainer.Core.Catalog;

namespace Trainer.Core.Fitting;

/// <summary>Photos to compute a gate from.</summary>
/// <param name="Normals">Of the subject; the features may have been trained on them. They serve the head and the threshold.</param>
/// <param name="Calibration">Of the subject; the features were not trained on them. They serve both as well.</param>
/// <param name="Test">Of the subject; the features were not trained on them. They serve the head alone, so that they can tell what the threshold is worth.</param>
/// <param name="Ordinary">Of anything else.</param>
/// <param name="AreAlike">True where normals, calibration and test were drawn from one folder; false where the user chose others to calibrate and test by, and the normals have no say in the threshold.</param>
internal sealed record GatePhotos(
    IReadOnlyList<ImageEntry> Normals, IReadOnlyList<ImageEntry> Calibration, IReadOnlyList<ImageEntry> Test, IReadOnlyList<ImageEntry> Ordinary, bool AreAlike = true)
{
    /// <summary>Photos of what users confuse with the subject; may be none.</summary>
    public IReadOnlyList<ImageEntry> LookAlikes { get; init; } = [];

    /// <summary>More photos make no threshold firmer: with 2000, 95 % are known within one percent. Their features are held in memory, 7.5 kB each.</summary>
    public const int MostJudged = 2000;

    /// <summary>Photos of the subject that are judged by heads without them, in the order of their names: all that the features were not trained on, and of the others as many as there is room for.</summary>
    public IReadOnlyList<ImageEntry> Judged
    {
        get
        {
            ImageEntry[] unseen = [.. Calibration, .. Test];
            var trained = Normals.OrderBy(image => image.ContentKey).Take(AreAlike ? Math.Max(MostJudged - unseen.Length, 0) : 0);
            return [.. unseen.Concat(trained).OrderBy(image => image.Name, StringComparer.Ordinal)];
        }
    }
}
