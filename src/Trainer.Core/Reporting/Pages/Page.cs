using System.Globalization;

namespace Trainer.Core.Reporting.Pages;

/// <summary>The frame that all pages share.</summary>
internal static class Page
{
    private static readonly Html Style = new(ReadStyle());

    /// <summary>
    /// The complete file. Its content security policy stops a browser from loading or running anything, whatever the page contains.
    /// </summary>
    /// <param name="sections">Id, title, and content of each section.</param>
    public static string Of(string title, Html header, IReadOnlyList<(string Id, string Name, Html Content)> sections, string footer) =>
        Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>{title}</title>
        <link rel="icon" href="data:,">
        <style>{Style}</style>
        </head>
        <body>
        <svg width="0" height="0" class="defs" aria-hidden="true"><filter id="grey"><feColorMatrix type="saturate" values="0"/></filter></svg>
        <header>{header}</header>
        <nav aria-label="Contents"><ul>{sections.Select(section => Html.Of($"<li><a href=\"#{section.Id}\">{section.Name}</a></li>"))}</ul></nav>
        <main>
        {sections.Select(section => Html.Of($"<section id=\"{section.Id}\" aria-labelledby=\"h-{section.Id}\"><h2 id=\"h-{section.Id}\">{section.Name}</h2>\n{section.Content}</section>\n"))}</main>
        <footer><p>{footer}</p></footer>
        </body>
        </html>

        """).Markup;

    /// <summary>A date in the form "24 November 2026".</summary>
    public static string Date(DateTimeOffset when) => when.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string ReadStyle()
    {
        // embedded by the project file
        using var stream = typeof(Page).Assembly.GetManifestResourceStream("Trainer.Core.Reporting.Pages.report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
