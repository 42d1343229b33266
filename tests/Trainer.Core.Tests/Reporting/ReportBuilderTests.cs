using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Inspection;
using Trainer.Core.Reporting.Pages;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

[Collection(typeof(ReportedRun))]
public sealed class ReportBuilderTests(ReportedRun run)
{
    [Fact]
    public void HardestPicturesAreTheTwelveWorstOfEachSide()
    {
        var hardest = run.Report.Hardest;
        var negatives = run.Sets.Where(set => set.Role == SetRole.Negative).SelectMany(set => set.Cosines).OrderDescending().Take(12);

        Assert.Equal(negatives, hardest.Negatives.Select(picture => picture.Evidence.Cosine), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(run.Sets[0].Cosines.Order().Take(12), hardest.Normals.Select(picture => picture.Evidence.Cosine), (a, b) =>
            Math.Abs(a - b) < 1e-5);
        Assert.Contains(hardest.Normals, picture => !picture.Accepted);
    }

    [Fact]
    public void SheetsShowEachSetAndEachPart() => Assert.Equal(
        [
            ("test", "normal", 20), ("test", "coco", 17), ("test", "<b>weeds</b>", 3),
            ("calibration", "normal", 4), ("training", "normal", 16), ("calibration", "coco", 3), ("training", "coco", 14),
        ],
        run.Report.Sheets.Select(sheet => (sheet.Part, sheet.Set, sheet.Total)));

    [Fact]
    public void WarnsOfWhatAnInspectionOfTheFoldersFinds()
    {
        var options = run.Report.Record.Options;
        InspectionSet[] sets =
            [new("normal", SetRole.Normal, ImageFolder.Scan(options.Normal)),
            new("coco", SetRole.Negative, ImageFolder.Scan(options.Coco))];

        var warnings = new Inspector(Preprocessing.Default, threads: 1)
            .Inspect(sets, options.Accept, new SkippedFiles(), cancel: TestContext.Current.CancellationToken).Warnings;

        Assert.NotEmpty(warnings);
        Assert.Equal(warnings, run.Report.Warnings);
        Assert.Contains("trainer inspect", RunPage.Of(run.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void SheetsGoByRisingCosine() =>
        Assert.All(run.Report.Sheets, sheet => Assert.Equal(sheet.Pictures.OrderBy(picture => picture.Cosine), sheet.Pictures));

    [Fact]
    public void CalibrationNormalsAreJudgedAsIfTheyHadNotMadeTheCentroid()
    {
        var shown = run.Report.Sheets.Single(sheet => sheet is { Part: "calibration", Role: SetRole.Normal }).Pictures;
        var judged = run.Data.Normals.Calibration.Zip(
            ReportedRun.Loader().Load(run.Data.Normals.Calibration, TestContext.Current.CancellationToken).SelectMany(run.Gate.Cosines));

        Assert.Equal(
            judged.Select(pair => run.Gate.Checkpoint.Centroid.LeaveOneOut(pair.Second)).Order(),
            shown.Select(picture => picture.Cosine),
            (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void WithoutTheTrainingFoldersThereIsStillAReport()
    {
        var report = WithoutFolders(() => run.Build(DateTimeOffset.UnixEpoch));

        Assert.Equal(2, report.Notes.Count);
        Assert.Equal(
            ["16 pictures measured here are in the run's training folder of photos of the subject, so the figures flatter it.",
             "14 pictures measured here are in the run's training folder of ordinary photos, so the figures flatter it."],
            run.Report.Notes);
        Assert.Contains("that the run was trained from isn&#x27;t there any more", RunPage.Of(report), StringComparison.Ordinal);
    }

    /// <summary>Runs something while the run's folders are moved away.</summary>
    private T WithoutFolders<T>(Func<T> look)
    {
        var home = Path.Combine(run.Folder.Root, "someone's home");
        Directory.Move(Path.Combine(home, "normal"), Path.Combine(home, "n"));
        Directory.Move(Path.Combine(home, "coco"), Path.Combine(home, "c"));
        try
        {
            return look();
        }
        finally
        {
            Directory.Move(Path.Combine(home, "n"), Path.Combine(home, "normal"));
            Directory.Move(Path.Combine(home, "c"), Path.Combine(home, "coco"));
        }
    }
}
