using Trainer.Core.Catalog;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Runs;

/// <summary>Finds all pictures of a run again, part by part, in the folders that it was trained from.</summary>
public static class RunParts
{
    /// <summary>Counts the photos that the run trained on: those that it began with and didn't hold out.</summary>
    /// <exception cref="TrainerException">A file of the run is missing or damaged.</exception>
    public static int CountTrained(RunFolder run, IReadOnlyList<ImageEntry> photos)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(photos);
        var began = DataFile.ContentsOf(run.Data, "normal");
        var heldOut = Enum.GetValues<HeldOutPart>().SelectMany(part => PartsFile.Find(run.Parts, part, SetLabel.Normal, photos).Found)
            .Select(image => image.ContentKey).ToHashSet();
        return photos.Count(image => began.Contains(image.ContentKey) && !heldOut.Contains(image.ContentKey));
    }

    /// <summary>The photos of one kind of look-alikes that the gate was computed from and that still exist.</summary>
    /// <exception cref="TrainerException">The folder doesn't exist, or a file of the run is damaged.</exception>
    public static IReadOnlyList<ImageEntry> LookAlikesThatTrained(RunFolder run, string kind, string folder)
    {
        ArgumentNullException.ThrowIfNull(run);
        var images = ImageFolder.Scan(folder).Images;
        var tested = PartsFile.FindLookAlikes(run.Parts, HeldOutPart.Test, kind, images).Found.Select(image => image.ContentKey)
            .ToHashSet();
        return [.. images.Where(image => !tested.Contains(image.ContentKey))];
    }

    /// <summary>
    /// The pictures of one label that still exist. Every picture that isn't held out counts as a training picture, also one that was added
    /// later.
    /// </summary>
    /// <exception cref="TrainerException">A folder doesn't exist, or a file of the run is damaged.</exception>
    public static PartSplit Find(RunFolder run, SetLabel label)
    {
        ArgumentNullException.ThrowIfNull(run);
        var options = run.ReadRecord().Options;
        var (folder, validation) = label == SetLabel.Normal ? (options.Normal, options.ValidNormal) : (options.Coco, options.ValidCoco);
        var images = ImageFolder.Scan(validation ?? folder).Images;
        var calibration = PartsFile.Find(run.Parts, HeldOutPart.Calibration, label, images).Found;
        var test = PartsFile.Find(run.Parts, HeldOutPart.Test, label, images).Found;
        var heldOut = calibration.Concat(test).Select(image => image.ContentKey).ToHashSet();
        return new PartSplit(
            validation is null ? [.. images.Where(image => !heldOut.Contains(image.ContentKey))] : ImageFolder.Scan(folder).Images,
            calibration,
            test);
    }
}
