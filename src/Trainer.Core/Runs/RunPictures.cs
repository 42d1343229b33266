using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Fitting;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Runs;

/// <summary>Pictures of a run that it didn't train on, normals before negatives.</summary>
/// <param name="Calibration">Pictures that set the centroid and the threshold.</param>
/// <param name="Test">Pictures that only evaluations use.</param>
public sealed record HeldOutPictures(IReadOnlyList<LabelledImage> Calibration, IReadOnlyList<LabelledImage> Test)
{
    /// <summary>Both parts.</summary>
    public IReadOnlyList<LabelledImage> All => [.. Calibration, .. Test];
}

/// <summary>Finds the held-out pictures of a run again, in the folders that it was trained from.</summary>
public static class RunPictures
{
    /// <summary>The run's own test part, as sets to evaluate: "normal" and "coco".</summary>
    /// <param name="tell">Called with a sentence when some of the pictures no longer exist.</param>
    /// <exception cref="TrainerException">A folder doesn't exist, or none of the pictures exists any more.</exception>
    public static IReadOnlyList<EvaluationSet> TestSets(RunFolder run, Action<string> tell)
    {
        return [TestNormals(run, tell), .. TestNegatives(run, tell)];
    }

    /// <summary>The negatives of the run's own test part: ordinary photos as "coco", and one set for each kind of look-alikes.</summary>
    /// <inheritdoc cref="TestSets"/>
    /// <param name="except">Names of sets to leave out; their folders need not exist.</param>
    public static IReadOnlyList<EvaluationSet> TestNegatives(RunFolder run, Action<string> tell, params IReadOnlyCollection<string> except)
    {
        ArgumentNullException.ThrowIfNull(run);
        var options = run.ReadRecord().Options;
        var sets = options.Negative.Select(
            kind => (kind.Key, Find: (Func<IReadOnlyList<ImageEntry>>)(() => OfLookAlikes(run, kind.Key, kind.Value, tell))))
            .Prepend(("coco", () => Find(run, HeldOutPart.Test, SetLabel.Negative, options.ValidCoco ?? options.Coco, tell)));
        return [.. sets.Where(set => !except.Contains(set.Key)).Select(set => new EvaluationSet(set.Key, SetRole.Negative, set.Find()))
            .Where(set => set.Images.Count > 0)];
    }

    /// <summary>The normals of the run's own test part.</summary>
    /// <inheritdoc cref="TestSets"/>
    public static EvaluationSet TestNormals(RunFolder run, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(run);
        var options = run.ReadRecord().Options;
        return new("normal", SetRole.Normal, Find(run, HeldOutPart.Test, SetLabel.Normal, options.ValidNormal ?? options.Normal, tell));
    }

    /// <summary>All pictures that were held out: calibration and test, normals and negatives.</summary>
    /// <inheritdoc cref="TestSets"/>
    public static HeldOutPictures HeldOut(RunFolder run, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(run);
        var options = run.ReadRecord().Options;
        return new(Part(HeldOutPart.Calibration), Part(HeldOutPart.Test));

        IReadOnlyList<LabelledImage> Part(HeldOutPart part) =>
        [
            .. Find(run, part, SetLabel.Normal, options.ValidNormal ?? options.Normal, tell)
            .Select(image => new LabelledImage(image, Labels.Normal)),
            .. Find(run, part, SetLabel.Negative, options.ValidCoco ?? options.Coco, tell)
            .Select(image => new LabelledImage(image, Labels.Negative)),
        ];
    }

    /// <summary>The run's own calibration part of one label.</summary>
    /// <inheritdoc cref="TestSets"/>
    public static IReadOnlyList<ImageEntry> CalibrationPart(RunFolder run, SetLabel label, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(run);
        var options = run.ReadRecord().Options;
        var folder = label == SetLabel.Normal ? options.ValidNormal ?? options.Normal : options.ValidCoco ?? options.Coco;
        return Find(run, HeldOutPart.Calibration, label, folder, tell);
    }

    /// <summary>The photos that a closed-form gate was computed from.</summary>
    /// <inheritdoc cref="RunParts.Find" path="/exception"/>
    internal static GatePhotos OfGate(RunFolder run)
    {
        var normals = RunParts.Find(run, SetLabel.Normal);
        var options = run.ReadRecord().Options;
        return new(normals.Train, normals.Calibration, normals.Test, RunParts.Find(run, SetLabel.Negative).Train,
            AreAlike: options.ValidNormal is null)
        {
            LookAlikes = [.. options.Negative.SelectMany(kind => RunParts.LookAlikesThatTrained(run, kind.Key, kind.Value))],
        };
    }

    /// <summary>The test photos of one kind of look-alikes.</summary>
    private static IReadOnlyList<ImageEntry> OfLookAlikes(RunFolder run, string kind, string folder, Action<string> tell)
    {
        var (found, listed) = PartsFile.FindLookAlikes(run.Parts, HeldOutPart.Test, kind, ImageFolder.Scan(folder).Images);
        if (found.Count < listed)
        {
            tell($"{listed - found.Count} of the run's {listed} test photos of {kind} are no longer in '{folder}'; continuing with the "
                + $"other {found.Count}.");
        }

        return found;
    }

    private static IReadOnlyList<ImageEntry> Find(RunFolder run, HeldOutPart part, SetLabel label, string folder, Action<string> tell)
    {
        var (found, listed) = PartsFile.Find(run.Parts, part, label, ImageFolder.Scan(folder).Images);
        var what = $"{part.ToString().ToLowerInvariant()} {label.ToString().ToLowerInvariant()}s";
        if (found.Count == 0 && listed > 0)
        {
            throw new TrainerException(
                $"None of the run's {listed} {what} is in '{folder}' any more. Name folders to evaluate on: --normal, --coco, --negative "
                + "NAME=DIR.");
        }

        if (found.Count < listed)
        {
            tell($"{listed - found.Count} of the run's {listed} {what} {(listed - found.Count == 1 ? "is" : "are")} no longer in "
                + $"'{folder}'; continuing with the other {found.Count}.");
        }

        return found;
    }
}
