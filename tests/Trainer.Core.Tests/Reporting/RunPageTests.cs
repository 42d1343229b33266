using System.Text.RegularExpressions;
using Trainer.Core.Reporting.Pages;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

[Collection(typeof(ReportedRun))]
public sealed partial class RunPageTests(ReportedRun run)
{
    private readonly string page = RunPage.Of(run.Report);

    [Fact]
    public void NeedsNothingButItself()
    {
        Assert.All(Sources().Matches(page), source => Assert.Matches("^(data:|#)", source.Groups[1].Value));
        Assert.DoesNotMatch("<script|<iframe|<object|javascript:|@import|url\\((?!#)", page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void HostileNamesAreShownAndDoNothing()
    {
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;weeds&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>weeds", page, StringComparison.Ordinal);
        Assert.Contains("run &amp; more", page, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldersAboveThePicturesStayPrivate()
    {
        Assert.DoesNotContain("home", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetFileName(run.Folder.Root), page, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPictureHasAText()
    {
        var images = Images().Matches(page).Select(match => match.Value).ToArray();

        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.Matches("alt=\"[^\"]+\"", image));
        Assert.All(Drawings().Matches(page), svg => Assert.Matches("aria-hidden=\"true\"|role=\"img\" aria-label=\"[^\"]+\"", svg.Value));
    }

    [Fact]
    public void IdsAreUniqueAndLinksLeadSomewhere()
    {
        var ids = Ids().Matches(page).Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal(ids.Distinct(), ids);
        Assert.All(Links().Matches(page), link => Assert.Contains(link.Groups[1].Value, ids));
    }

    [Fact]
    public void TagsAreBalanced()
    {
        string[] empty = ["meta", "link", "img", "path", "image", "use", "feColorMatrix"];
        var open = new Stack<string>();
        foreach (Match tag in Tags().Matches(Style().Replace(page, "")))
        {
            var name = tag.Groups[2].Value;
            if (tag.Groups[1].Value == "/")
            {
                Assert.Equal(open.Pop(), name);
            }
            else if (!tag.Value.EndsWith("/>", StringComparison.Ordinal) && !empty.Contains(name))
            {
                open.Push(name);
            }
        }

        Assert.Empty(open);
    }

    [Fact]
    public void SameRunAndDateGiveTheSamePage() => Assert.Equal(page, RunPage.Of(run.Build(DateTimeOffset.UnixEpoch)));

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex("<img [^>]*>")]
    private static partial Regex Images();

    [GeneratedRegex("<svg [^>]*>")]
    private static partial Regex Drawings();

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"#([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("<(/?)([A-Za-z][A-Za-z0-9]*)[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
