using Trainer.Core.Reporting;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

public sealed class HtmlTests
{
    [Fact]
    public void TextIsEscapedAndMarkupIsNot()
    {
        var name = "<script>\"'&";

        Assert.Equal("<p title=\"&lt;script&gt;&quot;&#x27;&amp;\"><b>&lt;script&gt;&quot;&#x27;&amp;</b></p>",
            Html.Of($"<p title=\"{name}\">{Html.Of($"<b>{name}</b>")}</p>").Markup);
    }

    [Theory]
    [InlineData("Reis 水稻 ü", "Reis 水稻 ü")] // readable text stays readable
    [InlineData("\u0000", "&#x0;")]
    public void AnyTextBecomesSomethingThatABrowserShows(string text, string expected) => Assert.Equal(expected, Html.Of($"{text}").Markup);

    [Fact]
    public void HalfOfAPairIsNoText() => Assert.Equal("a&#xFFFD;b", Html.Of($"{"a" + (char)0xd800 + "b"}").Markup);

    [Fact]
    public void NumbersHaveAPointWhateverTheCulture() => Assert.Equal("0.5", Html.Of($"{0.5:0.0}").Markup);

    [Fact]
    public void ListsFollowOneAnother() =>
        Assert.Equal("<i>1</i><i>2</i>", Html.Of($"{new[] { 1, 2 }.Select(i => Html.Of($"<i>{i}</i>"))}").Markup);
}
