using Trainer.Core.Reporting.Pages;
using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

[Collection(typeof(ReportedRun))]
public sealed class ComparisonPageTests(ReportedRun run)
{
    [Fact]
    public void RunsOfOneNameAreToldApart()
    {
        var page = ComparisonPage.Of([run.Report, run.Report]);

        Assert.Contains("run &amp; more (1)", page, StringComparison.Ordinal);
        Assert.Contains("run &amp; more (2)", page, StringComparison.Ordinal);
        Assert.Contains("about equally well", page, StringComparison.Ordinal);
        Assert.DoesNotContain("not measured on the same pictures", page, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreShownWhereTheyDiffer()
    {
        var other = run.Report
            with
        {
            Name = "other",
            Record = run.Report.Record with { Options = SavedOptions.Of(run.Report.Record.Options.Understand() with { Epochs = 77 }) }
        };

        var page = ComparisonPage.Of([run.Report, other]);

        Assert.Contains($"<th scope=\"row\">--epochs</th><td><bdi>{run.Report.Record.Options.Epochs}</bdi></td><td><bdi>77</bdi></td>",
            page, StringComparison.Ordinal);
        Assert.DoesNotContain("--batch", page, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherPicturesAreSaid()
    {
        var other = run.Report with { Sets = [.. run.Report.Sets.Select(set => set with { Pictures = set.Pictures.Skip(1).ToArray() })] };

        Assert.Contains("not measured on the same pictures", ComparisonPage.Of([run.Report, other]), StringComparison.Ordinal);
    }
}
