using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Reporting;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

public sealed class VerdictTests
{
    [Fact]
    public void WeakSpotIsNamed()
    {
        var verdict = Verdict.Of(Report(("normal", 95, 100), ("coco", 2, 100), ("chilli", 31, 100), ("weeds", 0, 50)));

        Assert.Equal("Works, but has a weak spot: chilli", verdict.Headline);
        Assert.Equal(
            "It accepts 95 of 100 photos of the subject and lets 2 of 100 ordinary photos through; its weak spot is chilli: 31 of 100 get "
            + "through; of weeds none of 50.", verdict.Sentence);
        Assert.Equal("chilli", verdict.Weak?.Name);
    }

    [Theory]
    [InlineData(40, 40, 3, "Works on ordinary photos; look-alikes are untested")]
    [InlineData(40, 40, 30, "Too much gets through")]
    [InlineData(20, 40, 0, "It rejects too many photos of its subject")]
    [InlineData(5, 5, 0, "Too few photos to judge")]
    public void OrdinaryPhotosAloneGiveAVerdictToo(int accepted, int normals, int through, string headline) =>
        Assert.Equal(headline, Verdict.Of(Report(("normal", accepted, normals), ("coco", through, 100))).Headline);

    [Theory]
    [InlineData(10, 80, "Too much gets through")] // ordinary photos get through, which matters more than a weak spot
    [InlineData(0, 80, "It can't tell weeds from its subject")]
    public void WeaknessIsCalledByItsWeight(int ordinary, int weeds, string headline) =>
        Assert.Equal(headline, Verdict.Of(Report(("normal", 95, 100), ("coco", ordinary, 100), ("weeds", weeds, 100))).Headline);

    [Fact]
    public void GoodIsOnlyWhatLookAlikesDidNotPass() =>
        Assert.Equal("Ready to try", Verdict.Of(Report(("normal", 95, 100), ("coco", 0, 100), ("weeds", 5, 100))).Headline);

    [Fact]
    public void AdviceSaysWhatAnotherThresholdWouldCost()
    {
        var advice = Advice.For(Report(("normal", 95, 100), ("chilli", 40, 100)));

        Assert.Equal("Collect more chilli", advice[0].What);
        Assert.Matches(
            @"a threshold of 0\.\d{3} would let 20 % of chilli through instead of 40 %, and accept \d+ % of the subject instead of 95 %",
            advice[0].Why);
    }

    [Fact]
    public void LookAlikesAreAskedForUntilTheyWereMeasured()
    {
        const string Ask = "Show it what your users confuse with the subject";

        Assert.Contains(Advice.For(Report(("normal", 40, 40), ("coco", 0, 100))), advice => advice.What == Ask);
        Assert.DoesNotContain(Advice.For(Report(("normal", 40, 40), ("coco", 0, 100), ("weeds", 0, 9))), advice => advice.What == Ask);
    }

    [Fact]
    public void MorePhotosComeFirstWhereThereAreFew()
    {
        var advice = Advice.For(Report(("normal", 4, 5), ("coco", 0, 100)));

        Assert.Equal("Take more photos of the subject", advice[0].What);
        // With five photos nothing is.
        Assert.DoesNotContain(advice, other => other.Why.Contains("as was to be expected", StringComparison.Ordinal));
    }

    [Fact]
    public void CommandsNameTheRun()
    {
        var report = Report(("normal", 40, 40), ("coco", 0, 100));

        Assert.Contains(Advice.For(report with { Folder = "runs/rice" }), advice =>
            advice.Why.Contains("trainer eval --run runs/rice --negative", StringComparison.Ordinal));
        Assert.Equal("rice", (report with { Folder = Path.GetFullPath("runs/rice") }).Run); // the path is private
    }

    [Fact]
    public void BaselineThatIsBetterIsSaid()
    {
        var report = Report(("normal", 95, 100), ("coco", 0, 100), ("weeds", 3, 100));
        RunReport With(double most) =>
            report with { Baselines = [new Baseline("frozen, 5 nearest", [new("weeds", 0.91, 0.85, [-0.09, most])])] };

        var advice = Assert.Single(Advice.For(With(-0.02)), advice => advice.What == "Compare with a gate that isn't trained");
        Assert.StartsWith(
            "The start weights alone tell weeds apart at an AUROC of 0.910 (frozen, 5 nearest), where this gate reaches 0.850.", advice.Why,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Advice.For(With(0.02)), other => other.What == advice.What); // may be chance
    }

    [Fact]
    public void ThereIsAlwaysSomethingToDo() =>
        Assert.NotEmpty(Advice.For(Report(("normal", 200, 200), ("coco", 0, 100), ("weeds", 0, 100))));

    [Fact]
    public void ThresholdsAreOrderedAndHoldTheGatesOwn()
    {
        var report = Report(("normal", 95, 100), ("coco", 2, 100));

        var rows = ThresholdRow.Of(report);

        Assert.Equal(rows.OrderBy(row => row.Threshold), rows);
        Assert.Equal(report.Threshold.Cosine, Assert.Single(rows, row => row.IsOwn).Threshold);
        Assert.All(rows, row =>
            Assert.Equal(report.Sets.Select(set => set.Cosines.Count(c => c >= row.Threshold) / (double)set.Count), row.AcceptRates));
    }

    /// <summary>A report in which the given number of each set's pictures reach the threshold.</summary>
    private static RunReport Report(params (string Name, int Accepted, int Count)[] sets)
    {
        const float Threshold = 0.5f;
        float[] Cosines(int accepted, int count) =>
            [.. Enumerable.Range(0, count)
            .Select(i => i < accepted ? Threshold + (0.4f * i / count) : Threshold - (0.4f * (i + 1) / count))];
        var normals = Cosines(sets[0].Accepted, sets[0].Count);
        var options = new TrainingOptions { Normal = "n", Coco = "c", Out = "o" };
        return new RunReport(
            "rice",
            new RunRecord(SavedOptions.Of(options), "1", "1", "1", "cpu", 1, "imagenet", "", new(1, 1, 1), new(1, 1, 1)),
            new TrainingHistory([], [], []),
            new Threshold(Threshold, 0.95, 40),
            0,
            [.. sets.Select((set, i) =>
                SetResult.Of(set.Name, i == 0 ? SetRole.Normal : SetRole.Negative, Cosines(set.Accepted, set.Count), normals, Threshold))],
            new HardestPictures([], []),
            [],
            [],
            [],
            DateTimeOffset.UnixEpoch);
    }
}
