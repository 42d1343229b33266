namespace Trainer.Core.Reporting.Pages;

/// <summary>What to do next.</summary>
internal static class NextSteps
{
    public static Html Of(RunReport report) => Html.Of(
        $"<ol class=\"advice\">{Advice.For(report).Select(advice => Html.Of($"<li><b>{advice.What}.</b> {advice.Why}</li>"))}</ol>{report.Notes.Select(note => Html.Of($"<p class=\"note\">{note}</p>"))}");
}
