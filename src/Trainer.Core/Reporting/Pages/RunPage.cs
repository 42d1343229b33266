using Trainer.Core.Reporting.Charts;

namespace Trainer.Core.Reporting.Pages;

/// <summary>The report on one run.</summary>
public static class RunPage
{
    /// <summary>The complete HTML file, which needs no other file.</summary>
    public static string Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var sections = new List<(string, string, Html)> { ("next", "What to do next", NextSteps.Of(report)) };
        if (report.Hardest.Negatives.Count + report.Hardest.Normals.Count > 0)
        {
            sections.Add(("hardest", "The hardest pictures", HardPictures.Of(report)));
        }

        sections.Add(("decides", "How it decides", Decision.Of(report)));
        if (report.History.Epochs.Count > 0)
        {
            sections.Add(("training", "How training went", Curves.Of(report.History, report.BestEpoch)));
        }

        sections.Add(("pictures", "The pictures", ContactSheets.Of(report)));
        sections.Add(("data", "The data", DataSection.Of(report)));
        sections.Add(("run", "The run", RunDetails.Of(report)));
        return Page.Of($"{report.Name} – gate report", Hero.Of(report), sections,
            $"Written on {Page.Date(report.Written)} by trainer {report.Record.Trainer}. This file needs no network and no other file.");
    }
}
