using Trainer.Core.Catalog;
using Trainer.Core.Runs;
using Trainer.Core.Wording;

namespace Trainer.Core.Reporting.Pages;

/// <summary>The numbers of pictures in each part, and the pictures that were left out.</summary>
internal static class DataSection
{
    private const int SkippedShown = 20;

    public static Html Of(RunReport report) => Html.Of(
        $"""
        <div class="scroll"><table><thead><tr><td></td><th scope="col">Training</th><th scope="col">Calibration</th><th scope="col">Test</th></tr></thead><tbody>{Row("Subject", report.Record.Normals)}{Row("Ordinary", report.Record.Negatives)}</tbody></table></div>
        <p>Training pictures teach the network, calibration pictures set the threshold, test pictures give the figures. Each of these is judged by a gate that was made without it. Equal pictures share a part, and so do near-duplicates.</p>
        {Skipped(report)}
        {Warnings(report)}
        """);

    private static Html Warnings(RunReport report) => report.Warnings.Count == 0 ? Html.None : Html.Of(
        $"""
        <p>What <code>trainer inspect</code> finds in the run's folders:</p>
        <ul>{report.Warnings.Select(warning => Html.Of($"<li><strong>{warning.Text}</strong> {warning.ToDo}</li>"))}</ul>
        """);

    private static Html Row(string name, PartCounts parts) =>
        Html.Of($"<tr><th scope=\"row\">{name}</th><td>{parts.Train}</td><td>{parts.Calibration}</td><td>{parts.Test}</td></tr>");

    /// <summary>The file's name and the reason, without the folder; skipped.tsv holds the full path.</summary>
    private static Html Skipped(SkippedFile file)
    {
        var reason = Path.GetDirectoryName(file.Path) is { Length: > 1 } folder ? file.Reason.Replace(folder, "…", StringComparison.Ordinal)
            : file.Reason;
        return Html.Of($"<li><bdi>{Words.Path(file.Path)}</bdi>: {reason}</li>");
    }

    private static Html Skipped(RunReport report) => report.Skipped.Count == 0 ? Html.Of($"<p>No picture was left out.</p>") : Html.Of(
        $"""
        <details class="behind"><summary>{Counted.Of(report.Skipped.Count, "picture")} left out</summary><ul class="plain">{report.Skipped.Take(SkippedShown).Select(Skipped)}</ul>{(report.Skipped.Count > SkippedShown ? Html.Of($"<p>All of them are listed in skipped.tsv.</p>") : Html.None)}</details>
        """);
}
