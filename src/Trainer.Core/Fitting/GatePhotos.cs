using Trainer.Core.Catalog;

namespace Trainer.Core.Fitting;

/// <summary>The photos that a gate is computed from.</summary>
/// <param name="Normals">Photos of the subject that the features may have been trained on. They set the head and the threshold.</param>
/// <param name="Calibration">Photos of the subject that the features weren't trained on. They set the head and the threshold too.</param>
/// <param name="Test">
/// Photos of the subject that the features weren't trained on. They set only the head, so the threshold can be tested on them.
/// </param>
/// <param name="Ordinary">Photos of anything else.</param>
/// <param name="AreAlike">
/// True when normals, calibration and test come from one folder. False when the user chose another folder for calibration and test; then
/// the normals don't influence the threshold.
/// </param>
internal sealed record GatePhotos(
    IReadOnlyList<ImageEntry> Normals, IReadOnlyList<ImageEntry> Calibration, IReadOnlyList<ImageEntry> Test,
    IReadOnlyList<ImageEntry> Ordinary, bool AreAlike = true)
{
    /// <summary>Photos of things that users confuse with the subject; may be empty.</summary>
    public IReadOnlyList<ImageEntry> LookAlikes { get; init; } = [];

    /// <summary>The most photos that are judged. With 2000 of them, a 95 % accept rate is already known to within one percent.</summary>
    /// <remarks>Their features are held in memory, 7.5 kB for each photo.</remarks>
    public const int MostJudged = 2000;

    /// <summary>Photos of the subject that are judged by heads computed without them, in the order of their names.</summary>
    /// <remarks>
    /// These are all photos that the features weren't trained on, and as many of the others as <see cref="MostJudged"/> allows.
    /// </remarks>
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
