using Trainer.Core.Evaluation;
using Trainer.Core.Reporting.Charts;

namespace Trainer.Core.Reporting.Pages;

/// <summary>Distributions, curves and thresholds.</summary>
internal static class Decision
{
    public static Html Of(RunReport report)
    {
        var threshold = report.Threshold.Cosine;
        var rows = report.Sets.Select(
            (set, i) => new DistributionRow(
            Words.Of(set.Name), $"{Words.Share(Words.Accepted(set, threshold), set.Count)} accepted", set.Cosines, i, threshold));
        return Html.Of(
            $"""
            <p>Every picture gets one number, the cosine of its embedding to the centroid of the subject: 1 is as typical as can be. From {Words.Figure(threshold)} on it is accepted. The better the gate, the farther the heaps lie apart.</p>
            {Distributions.Of([.. rows])}
            <div class="columns"><div><h3>What another threshold would do<small>share of each set that would be accepted</small></h3>
            {Thresholds(report)}</div>
            {Curve(report)}</div>
            """);
    }

    private static Html Thresholds(RunReport report) => Html.Of(
        $"""
        <div class="scroll"><table class="thresholds"><thead><tr><th scope="col">Threshold</th>{report.Sets.Select((set, i) => Html.Of($"<th scope=\"col\" class=\"c{i}\"><i class=\"swatch\"></i>{(set.Role == SetRole.Normal ? "subject" : set.Name == Words.Coco ? "ordinary" : set.Name)}</th>"))}</tr></thead><tbody>{ThresholdRow.Of(report).Select(Row)}</tbody></table></div>
        <p class="fine">Of the first set more is better, of the others less. What the threshold was set by: {report.Threshold.Promise} <code>trainer calibrate --run {report.Run} --accept 0.9</code> sets a stricter one, 0.98 a more lenient one.</p>
        """);

    private static Html Row(ThresholdRow row) => Html.Of(
        $"<tr{(row.IsOwn ? new Html(" class=\"own\"") : Html.None)}><th "
            + $"scope=\"row\">{row.Threshold:0.0000}{(row.IsOwn ? Html.Of($"<small>the gate's own</small>") : Html.None)}</th>{row.AcceptRates.Select(rate => Html.Of($"<td>{Words.Percent(rate)}</td>"))}</tr>");

    private static Html Curve(RunReport report)
    {
        if (report.Normals is not { } normals || !report.Negatives.Any())
        {
            return Html.None;
        }

        var lines = report.Sets.Select((set, i) => (set, i)).Where(pair => pair.set.Role == SetRole.Negative)
            .Select(pair => new RocLine(Words.Of(pair.set.Name), normals.Cosines, pair.set.Cosines, report.Threshold.Cosine, pair.i));
        return Html.Of(
            $"<div><h3>All thresholds at once<small>the ROC curve of each set; the nearer to the upper left corner, the "
            + $"better</small></h3>{Roc.Of([.. lines])}</div>");
    }
}
