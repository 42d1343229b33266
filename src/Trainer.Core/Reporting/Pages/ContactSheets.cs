using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Core.Reporting.Pages;

/// <summary>Small pictures of every part and set, which show at a glance what a gate has learned from and what it hasn't.</summary>
internal static class ContactSheets
{
    public static Html Of(RunReport report) => Html.Of(
        $"""
        <p>Look for photos that are in the wrong folder, and for what is missing: light, angle, age, background, camera.</p>
        {report.Sheets.Select((sheet, i) => Sheet(sheet, report.Threshold.Cosine, open: i == 0))}
        """);

    private static Html Sheet(ContactSheet sheet, float threshold, bool open) => Html.Of(
        $"""
        <details class="sheet"{new Html(open ? " open" : "")}><summary><b>{Words.Of(sheet.Set)}</b> <span>{Title(sheet)}</span></summary>
        {(sheet.Part == "calibration" && sheet.Role == SetRole.Normal ? Html.Of($"<p class=\"fine\">These photos set the threshold, so a wrong photo here does the most harm.</p>") : Html.None)}
        {(sheet.Judged ? Halves(sheet, threshold) : Grid(sheet.Pictures, threshold))}</details>
        """);

    private static Html Halves(ContactSheet sheet, float threshold)
    {
        var (accepted, rejected) =
            (sheet.Pictures.Where(picture => picture.Accepted).ToArray(), sheet.Pictures.Where(picture => !picture.Accepted).ToArray());
        return Html.Of(
            $"{Half("rejected", rejected, threshold, sheet.Role == SetRole.Normal)}{Half("accepted", accepted, threshold, sheet.Role == SetRole.Negative)}");
    }

    private static Html Half(string what, SheetPicture[] pictures, float threshold, bool isWrong) =>
        pictures.Length == 0 ? Html.None : Html.Of(
        $"<h4 class=\"{(isWrong ? "wrong" : "right")}\">{what}{(isWrong ? ", wrongly" : "")}</h4>{Grid(pictures, threshold)}");

    private static Html Grid(IReadOnlyList<SheetPicture> pictures, float threshold) =>
        Html.Of($"<ul class=\"thumbs\">{pictures.Select(picture => Picture(picture, threshold))}</ul>");

    private static Html Picture(SheetPicture picture, float threshold)
    {
        var cosine = float.IsNaN(picture.Cosine) ? "" : CosineText.Of(picture.Cosine, threshold);
        return Html.Of(
            $"<li><img src=\"data:image/webp;base64,{Convert.ToBase64String(picture.WebP)}\" alt=\"{picture.Name}\" "
            + $"title=\"{picture.Name}\" width=\"80\" height=\"80\"><span>{cosine}</span></li>");
    }

    private static string Title(ContactSheet sheet) =>
        $"{sheet.Part}, {Counted.Of(sheet.Total, "picture")}{(sheet.Pictures.Count < sheet.Total ? $", {sheet.Pictures.Count} of them shown" : "")}";
}
