using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Inspection;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Wording;

namespace Trainer.Core.Reporting;

/// <summary>Collects the data for a run's report.</summary>
/// <param name="run">The run.</param>
/// <param name="gate">The gate of the run's best checkpoint.</param>
/// <param name="threads">Number of pictures decoded at the same time.</param>
public sealed class ReportBuilder(RunFolder run, TrainedGate gate, int threads)
{
    /// <summary>Most pictures that a list of the hardest shows.</summary>
    public const int Hardest = 12;

    private const int SheetOfASet = 60;
    private const int SheetOfCalibration = 36;
    private const int SheetOfTraining = 24;
    private const int SheetEdge = 80; // in pixels, about the size at which it is shown
    private const int CardEdge = 208;
    private const int Inspected = 500; // pictures of each folder; enough to find shortcuts, and takes a second or two

    private readonly BatchLoader loader = new(gate.Preprocessing, BatchLoader.PicturesAtOnce, threads, new SkippedFiles());

    /// <summary>Gathers figures, curves and pictures.</summary>
    /// <param name="sets">Results of an <see cref="Evaluator"/> with this gate.</param>
    /// <param name="part">"test" if the sets are the run's own test part, otherwise "evaluated".</param>
    /// <param name="written">Time of writing.</param>
    /// <exception cref="TrainerException">options.json is missing or damaged.</exception>
    public RunReport Build(IReadOnlyList<SetResult> sets, string part, DateTimeOffset written)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var notes = new List<string>();
        if (KnownLookAlikes.Among(sets, run.ReadRecord().Options) is { } known)
        {
            notes.Add(known);
        }

        IReadOnlyList<ContactSheet> sheets =
        [
            .. sets.Select(set => Sheet(part, set.Name, set.Role, [.. JudgedPicture.Of(set)], SheetOfASet)),
            .. OfTheRun(SetLabel.Normal, sets, notes),
            .. OfTheRun(SetLabel.Negative, sets, notes),
        ];
        return new RunReport(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Path))),
            run.ReadRecord(),
            TrainingHistory.Read(run.Metrics),
            gate.Checkpoint.Threshold,
            gate.Checkpoint.Epoch,
            sets,
            new HardestPictures(
                HardestOf(sets.Where(set => set.Role == SetRole.Negative), cosine => -cosine),
                HardestOf(sets.Where(set => set.Role == SetRole.Normal), cosine => cosine)),
            [.. sheets.Where(sheet => sheet.Pictures.Count > 0)],
            run.ReadSkipped(),
            notes,
            written)
        {
            Warnings = Inspect(),
            Folder = run.Path,
            Nearness = gate.Nearness,
        };
    }

    /// <summary>
    /// Warnings about the run's pictures, from an evenly spaced selection. Empty if they no longer exist, which the notes say.
    /// </summary>
    private IReadOnlyList<DataWarning> Inspect()
    {
        try
        {
            var options = run.ReadRecord().Options;
            InspectionSet[] sets =
            [
                new(InspectionSet.Normal, SetRole.Normal, Some(options.Normal)),
                new(InspectionSet.Coco, SetRole.Negative, Some(options.Coco)),
            ];
            return new Inspector(gate.Preprocessing, threads).Inspect(sets, options.Accept, new SkippedFiles()).Warnings;
        }
        catch (TrainerException)
        {
            return [];
        }
    }

    private static ImageFolder Some(string folder)
    {
        var all = ImageFolder.Scan(folder);
        return all with { Images = EvenChoice.Of(all.Images, Inspected) };
    }

    private HardPicture[] HardestOf(IEnumerable<SetResult> sets, Func<float, float> ease)
    {
        var chosen = sets.SelectMany(JudgedPicture.Of).OrderBy(picture => ease(picture.Cosine)).Take(Hardest).ToArray();
        var thumbnails = Thumbnails.Of([.. chosen.Select(picture => picture.Image)], CardEdge, threads);
        var maps = loader.Load(chosen.Select(picture => picture.Image).Distinct()) // a picture may be in two sets
            .SelectMany(batch => batch.Images.Zip(EvidenceMap.Of(gate, batch), batch.Pictures().Select(PictureDoubt.Of)))
            .ToDictionary(known => known.First.Image, known => (Evidence: known.Second, Doubt: known.Third));
        return
        [
            .. chosen.Zip(thumbnails).Where(pair => pair.Second is not null && maps.ContainsKey(pair.First.Image))
            .Select(pair => new HardPicture(
                // not null: see above
                pair.First.Set, pair.First.Image.Name, pair.First.Cosine >= gate.Threshold, pair.Second!,
                    maps[pair.First.Image].Evidence with { Cosine = pair.First.Cosine }, maps[pair.First.Image].Doubt)),
        ];
    }

    private IEnumerable<ContactSheet> OfTheRun(SetLabel label, IReadOnlyList<SetResult> sets, List<string> notes)
    {
        var (name, role) = label == SetLabel.Normal ? (Words.Normal, SetRole.Normal) : (Words.Coco, SetRole.Negative);
        PartSplit parts;
        try
        {
            parts = RunParts.Find(run, label);
        }
        catch (TrainerException)
        {
            notes.Add($"The folder of {Words.Of(name)} that the run was trained from isn't there any more, so its pictures aren't shown.");
            return [];
        }

        var trained = parts.Train.Select(image => image.ContentKey).ToHashSet();
        if (sets.Sum(set => set.Pictures.Count(picture => trained.Contains(picture.ContentKey))) is > 0 and var known)
        {
            notes.Add(
                $"{Counted.Of(known, "picture")} measured here {(known == 1 ? "is" : "are")} in the run's training folder of "
                + $"{Words.Of(name)}, so the figures flatter it.");
        }

        // The centroid of a centroid gate is the mean of these normals, so each is judged without its own share, as for the threshold. A
        // closed-form gate does this by itself.
        var isMean = role == SetRole.Normal && gate.Network.Kind == FeatureKind.Pooled;
        var calibration = JudgedPicture.By(gate, loader, name, parts.Calibration)
            .Select(picture => isMean ? picture with { Cosine = gate.Checkpoint.Centroid.LeaveOneOut(picture.Cosine) } : picture);
        return
        [
            Sheet("calibration", name, role, [.. calibration], SheetOfCalibration),
            Sheet("training", name, role, [.. parts.Train.Select(image => new JudgedPicture(name, image, float.NaN))], SheetOfTraining),
        ];
    }

    private ContactSheet Sheet(string part, string set, SetRole role, IReadOnlyList<JudgedPicture> pictures, int most)
    {
        // Has no meaning where the gate wasn't applied.
        var isWrong = pictures.ToLookup(picture => picture.Cosine >= gate.Threshold == (role == SetRole.Negative));
        var wrong = EvenChoice.WithEnds<JudgedPicture>([.. isWrong[true].OrderBy(picture => picture.Cosine)], most / 2);
        var right = EvenChoice.WithEnds<JudgedPicture>([.. isWrong[false].OrderBy(picture => picture.Cosine)], most - wrong.Length);
        JudgedPicture[] chosen = [.. wrong.Concat(right).OrderBy(picture => picture.Cosine)];
        var thumbnails = Thumbnails.Of([.. chosen.Select(picture => picture.Image)], SheetEdge, threads);
        return new ContactSheet(part, set, role, pictures.Count, pictures.Any(picture => !float.IsNaN(picture.Cosine)),
        [
            .. chosen.Zip(thumbnails).Where(pair => pair.Second is not null).Select(pair => new SheetPicture(
                pair.First.Image.Name, pair.First.Cosine, pair.First.Cosine >= gate.Threshold, pair.Second!)), // not null: see above
        ]);
    }
}
