using Trainer.Core.Evaluation;
using Trainer.Core.Reporting.Charts;
using Trainer.Core.Wording;

namespace Trainer.Core.Reporting.Pages;

/// <summary>The report that compares several runs.</summary>
public static class ComparisonPage
{
    /// <summary>The complete HTML file, which needs no other file.</summary>
    /// <param name="reports">At least two.</param>
    public static string Of(IReadOnlyList<RunReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var names = Names(reports);
        var common = reports[0].Sets.Select(set => set.Name).Where(name => reports.All(report => report.Sets.Any(set => set.Name == name)))
            .ToArray();
        var sections = new List<(string, string, Html)>
        {
            ("figures", "Figures", Figures(reports, names, common)),
            ("decide", "How they decide", Html.All(common.Select(name => Heaps(reports, names, name)))),
            ("curves", "All thresholds at once", Html.All(common.Select(name => Roc(reports, names, name)))),
            ("training", "How training went", Html.Of($"{Key(names)}{Curves.Of([.. reports.Select(report => report.History)])}")),
            ("options", "How they differ", Differences(reports, names)),
        };
        return Page.Of("Gates side by side", Header(reports, names), sections,
            $"Written on {Page.Date(reports[0].Written)} by trainer {reports[0].Record.Trainer}. 'trainer report RUN' writes the page of a "
                + "single run, with its pictures. This file needs no network and no other file.");
    }

    private static Html Header(IReadOnlyList<RunReport> reports, string[] names) => Html.Of(
        $"""
        <p class="eyebrow">Gate report · {Counted.Of(reports.Count, "run")} side by side</p>
        <h1>{Headline(reports, names)}</h1>
        <ul class="verdicts">{reports.Select((report, i) => Html.Of($"<li class=\"c{i}\"><h2><i class=\"swatch\"></i><bdi>{names[i]}</bdi></h2><p>{Verdict.Of(report).Sentence}</p></li>"))}</ul>
        {(SamePictures(reports) ? Html.None : Html.Of($"<p class=\"note\">These runs were not measured on the same pictures, so differences of a few in a hundred may come from the pictures. Name folders (--normal, --coco, --negative) to measure all runs on the same pictures.</p>"))}
        """);

    /// <summary>
    /// Ranks the runs by their mean AUROC over the negative sets, the figure that depends least on a threshold or a single picture.
    /// </summary>
    private static string Headline(IReadOnlyList<RunReport> reports, string[] names)
    {
        var ranked = reports.Select(
            (report, i) => (Name: names[i], Auroc: report.Negatives.Select(set => set.Auroc).DefaultIfEmpty(double.NaN).Average()))
            .OrderByDescending(run => run.Auroc).ToArray();
        const double Noise = 0.005;
        return !double.IsFinite(ranked[0].Auroc) ? "Side by side"
            : ranked[0].Auroc - ranked[1].Auroc < Noise
                ? $"{ranked[0].Name} and {ranked[1].Name} tell their subject apart about equally well"
            : $"{ranked[0].Name} tells its subject apart best";
    }

    private static bool SamePictures(IReadOnlyList<RunReport> reports) => reports
        .Select(report => string.Join('\n', report.Sets.SelectMany(set => set.Pictures).Select(picture => picture.ContentKey).Order()))
        .Distinct().Count() == 1;

    /// <summary>The runs' names; runs with the same name get a number.</summary>
    private static string[] Names(IReadOnlyList<RunReport> reports) =>
        [.. reports.Select(
            (report, i) => reports.Count(other => other.Name == report.Name) > 1 ? FormattableString.Invariant($"{report.Name} ({i + 1})")
            : report.Name)];

    private static Html Figures(IReadOnlyList<RunReport> reports, string[] names, string[] common)
    {
        SetResult Set(RunReport report, string name) => report.Sets.First(set => set.Name == name);
        var rows = new List<(string What, Func<RunReport, string> Value)>();
        foreach (var name in common)
        {
            rows.Add(($"{Words.Of(name)}: accepted", report => Words.Percent(Set(report, name).AcceptRate)));
            if (reports.All(report => Set(report, name).Role == SetRole.Negative))
            {
                rows.Add(($"{Words.Of(name)}: AUROC", report => Words.Figure(Set(report, name).Auroc)));
                rows.Add(($"{Words.Of(name)}: let through where 95 % of the subject is accepted", report =>
                    Words.Percent(Set(report, name).FprAt95Tpr)));
            }
        }

        rows.Add(("threshold", report => Words.Figure(report.Threshold.Cosine)));
        rows.Add(("training", report => Words.Time(report.History.Seconds)));
        return Table(names, rows.Select(row => (row.What, reports.Select(row.Value).ToArray())));
    }

    private static Html Heaps(IReadOnlyList<RunReport> reports, string[] names, string name) => Html.Of(
        $"<div class=\"compare\"><h3>{Words.Of(name)}</h3>{Distributions.Of([.. reports.Select((report, i) => Row(report, names[i], name, i))])}</div>");

    private static DistributionRow Row(RunReport report, string run, string name, int colour)
    {
        var set = report.Sets.First(set => set.Name == name);
        return new(run, $"{Words.Share(Words.Accepted(set, report.Threshold.Cosine), set.Count)} accepted", set.Cosines, colour,
            report.Threshold.Cosine);
    }

    private static Html Roc(IReadOnlyList<RunReport> reports, string[] names, string name)
    {
        var lines = reports.Select((report, i) => (report, i, Set: report.Sets.First(set => set.Name == name)))
            .Where(run => run.Set.Role == SetRole.Negative && run.report.Normals is not null)
            // Normals is not null after the filter above.
            .Select(run => new RocLine(names[run.i], run.report.Normals!.Cosines, run.Set.Cosines, run.report.Threshold.Cosine, run.i))
            .ToArray();
        return lines.Length == 0 ? Html.None : Html.Of($"<h3>{Words.Of(name)}</h3>{Charts.Roc.Of(lines)}");
    }

    private static Html Differences(IReadOnlyList<RunReport> reports, string[] names)
    {
        var options = reports.Select(report => RunDetails.Options(report.Record.Options).Concat(RunDetails.Facts(report)).ToDictionary())
            .ToArray();
        var differing = options.SelectMany(run => run.Keys).Distinct()
            .Select(key => (Key: key, Values: options.Select(run => run.GetValueOrDefault(key, "–")).ToArray()))
            .Where(row => row.Values.Distinct().Count() > 1);
        return Table(names, differing);
    }

    private static Html Key(string[] names) =>
        Html.Of(
        $"<ul class=\"legend\">{names.Select((name, i) => Html.Of($"<li class=\"c{i}\">{Charts.Roc.Key(i)}<bdi>{name}</bdi></li>"))}</ul>");

    private static Html Table(string[] names, IEnumerable<(string What, string[] Values)> rows) => Html.Of(
        $"""
        <div class="scroll"><table class="wraps"><thead><tr><td></td>{names.Select((name, i) => Html.Of($"<th scope=\"col\" class=\"c{i}\"><i class=\"swatch\"></i><bdi>{name}</bdi></th>"))}</tr></thead><tbody>{rows.Select(row => Html.Of($"<tr><th scope=\"row\">{row.What}</th>{row.Values.Select(value => Html.Of($"<td><bdi>{value}</bdi></td>"))}</tr>"))}</tbody></table></div>
        """);
}
