using Trainer.Core.Evaluation;
using Trainer.Core.Reporting.Charts;

namespace Trainer.Core.Reporting.Pages;

/// <summary>The top of the page: the verdict, and each set as a hundred dots.</summary>
internal static class Hero
{
    public static Html Of(RunReport report)
    {
        var verdict = Verdict.Of(report);
        return Html.Of(
            $"""
            <p class="eyebrow">Gate report · <bdi>{report.Name}</bdi></p>
            <h1>{verdict.Headline}</h1>
            <p class="lead">{verdict.Sentence}</p>
            <ul class="tiles{(report.Sets.Count is 2 or 4 ? " even" : "")}">{report.Sets.Select((set, i) => Tile(set, i, report.Threshold.Cosine))}</ul>
            <p class="fine">Each dot is 1 of 100 photos, filled when the gate accepts it; a half-filled one is fewer than 1. The ranges hold with 95 % confidence.</p>
            """);
    }

    private static Html Tile(SetResult set, int colour, float threshold)
    {
        var accepted = Words.Accepted(set, threshold);
        var good = set.Role == SetRole.Normal;
        return Html.Of(
            $"""
            <li class="tile c{colour}">{Waffle.Of(set.AcceptRate, colour)}<div><h2><bdi>{Words.Of(set.Name)}</bdi></h2><p class="big">{Words.Share(accepted, set.Count)}</p><p>{(good ? "accepted: more is better" : "get through: fewer is better")}</p><p class="fine">{accepted} of {set.Count} measured; the true share is {Words.Between(set.Intervals.AcceptRate)}</p></div></li>
            """);
    }
}
