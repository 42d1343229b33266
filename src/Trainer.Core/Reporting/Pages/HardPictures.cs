using System.Globalization;
using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Metrics;

namespace Trainer.Core.Reporting.Pages;

/// <summary>The pictures that the gate gets wrong, each with a map of its evidence.</summary>
internal static class HardPictures
{
    private const int Shown = 100; // in the drawing's own units
    private const int Gap = 4;
    private const int Cell = Shown / EvidenceMap.Edge;
    public static Html Of(RunReport report)
    {
        var negatives = report.Hardest.Negatives;
        var normals = report.Hardest.Normals;
        var scale = Scale.Of(report.Hardest);
        return Html.Of(
            $"""
            <p>Beside each picture stands where its evidence comes from. One place after the other is blurred: <span class="for">blue</span> places speak for the subject, since without them the cosine falls; <span class="against">orange</span> ones speak against it, since without them it rises. A picture is accepted from a cosine of {Words.Figure(report.Threshold.Cosine)} on.{(report.Nearness is null ? "" : " \"Closer than\" counts the subject's photos that set this threshold, each judged by a gate without it.")}</p>
            {Group(report, [.. negatives.Where(picture => picture.Accepted)], "a", "Negatives that get through", Of(Total(report, SetRole.Negative)), scale)}
            {Group(report, [.. negatives.Where(picture => !picture.Accepted)], "b", "Negatives that come closest", "rejected, but nearest to the threshold", scale)}
            {Group(report, [.. normals.Where(picture => !picture.Accepted)], "c", "Photos of the subject that are rejected", Of(Total(report, SetRole.Normal)), scale)}
            {Group(report, [.. normals.Where(picture => picture.Accepted)], "d", "Photos of the subject that come closest", "accepted, but nearest to the threshold", scale)}
            """);

        string Of(int total) =>
            total > ReportBuilder.Hardest
            ? FormattableString.Invariant($"the {ReportBuilder.Hardest} farthest on the wrong side, of {total}") : "";
    }

    private static int Total(RunReport report, SetRole role) => report.Sets.Where(set => set.Role == role)
        .Sum(set => set.Cosines.Count(cosine => cosine >= report.Threshold.Cosine == (role == SetRole.Negative)));

    private static Html Group(RunReport report, IReadOnlyList<HardPicture> pictures, string id, string title, string note, Scale scale) =>
        pictures.Count == 0 ? Html.None : Html.Of(
        $"""
        <h3>{title}<small>{note}</small></h3>
        <ul class="cards">{pictures.Select((picture, i) => Card(report, picture, FormattableString.Invariant($"{id}{i}"), scale))}</ul>
        """);

    private static Html Card(RunReport report, HardPicture picture, string id, Scale scale)
    {
        var lifts = picture.Evidence.Places;
        return Html.Of(
            $"""
            <li class="card"><svg viewBox="0 0 {(2 * Shown) + Gap} {Shown}" role="img" aria-label="{Said(picture, lifts)}"><image id="{id}" width="{Shown}" height="{Shown}" href="data:image/webp;base64,{Convert.ToBase64String(picture.WebP)}"/><g transform="translate({Shown + Gap})"><use href="#{id}" filter="url(#grey)"/>{lifts.Select((lift, i) => Place(lift, i, scale))}</g></svg><p class="name"><bdi>{picture.Name}</bdi></p><p class="meta"><b>{(picture.Accepted ? "accepted" : "rejected")}</b> · {CosineText.Of(picture.Evidence.Cosine, report.Threshold.Cosine)}{Near(report, picture)} · {Doubt(picture)}<bdi>{Words.Of(picture.Set)}</bdi></p></li>
            """);
    }

    private static string Near(RunReport report, HardPicture picture) =>
        report.Nearness is { } nearness ? $" · {Nearness.Say(nearness.Share(picture.Evidence.Cosine))}" : "";

    private static Html Doubt(HardPicture picture) => picture.Doubt is { } doubt ? Html.Of($"<b>{doubt}</b> · ") : Html.None;

    private static Html Place(double lift, int i, Scale scale) => Html.Of(
        $"<rect class=\"{(lift >= 0 ? "lift" : "pull")}\" x=\"{i % EvidenceMap.Edge * Cell}\" y=\"{i / EvidenceMap.Edge * Cell}\" "
            + $"width=\"{Cell}\" height=\"{Cell}\" fill-opacity=\"{scale.Strength(lift):0.##}\"><title>{Signed(lift)}</title></rect>");

    private static string Said(HardPicture picture, IReadOnlyList<float> lifts)
    {
        static string At(int i) => FormattableString.Invariant($"row {(i / EvidenceMap.Edge) + 1}, column {(i % EvidenceMap.Edge) + 1}");
        var (most, least) = (lifts.Index().MaxBy(lift => lift.Item).Index, lifts.Index().MinBy(lift => lift.Item).Index);
        return $"{picture.Name}, and its evidence in four rows of four places: most for the subject in {At(most)} ({Signed(lifts[most])}), "
            + $"least in {At(least)} ({Signed(lifts[least])})";
    }

    private static string Signed(double value) => value.ToString("+0.000;−0.000", CultureInfo.InvariantCulture);

    /// <summary>The evidence that gets the full colour; few places on the page exceed it.</summary>
    private sealed record Scale(double Full)
    {
        private const double Strongest = 0.85; // below 1, so that the picture stays visible
        private const double Few = 0.1;

        public static Scale Of(HardestPictures hardest)
        {
            var sizes = hardest.Negatives.Concat(hardest.Normals).SelectMany(picture => picture.Evidence.Places).Select(Math.Abs).Order()
                .ToArray();
            return new Scale(Math.Max(sizes.Length == 0 ? 0 : sizes[(int)((1 - Few) * (sizes.Length - 1))], 1e-6));
        }

        public double Strength(double lift) => double.IsFinite(lift) ? Math.Min(Math.Abs(lift) / Full, 1) * Strongest : 0;
    }
}
