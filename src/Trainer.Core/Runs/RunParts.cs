using Trainer.Core.Catalog;

namespace Trainer.Core.Runs;

/// <summary>Finds all pictures of a run again, part by part, in the folders that it was trained from.</summary>
public static class RunParts
{
    /// <summary>The pictures of one label that are still there. What isn't held out trained; a picture added later can't be told from those.</summary>
    /// <exception cref="TrainerException">A folder is gone, or a file of the run is damaged.</exception>
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
