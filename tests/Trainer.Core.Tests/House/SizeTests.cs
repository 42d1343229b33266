using Xunit;

namespace Trainer.Core.Tests.House;

/// <summary>Keeps files short enough to be read.</summary>
public sealed class SizeTests
{
    [Fact]
    public void NoFileHasMoreThan250LinesAndTheMedianIsUnder80()
    {
        var lengths = SourceFiles.All.Select(file => File.ReadLines(file).Count()).Order().ToArray();

        Assert.InRange(lengths[^1], 1, 250);
        Assert.InRange(lengths[lengths.Length / 2], 1, 79);
    }

    [Fact]
    public void NoFolderHasMoreThan15FilesDirectlyInIt() =>
        Assert.Empty(SourceFiles.All.GroupBy(Path.GetDirectoryName).Where(folder => folder.Count() > 15)
            .Select(folder => $"{folder.Key}: {folder.Count()}"));

    /// <summary>.editorconfig's limit. Texts for people and pages, which lie in literals, have lines of their own length.</summary>
    [Fact]
    public void NoLineOfCodeOrCommentHasMoreThan140Characters() => Assert.Empty(SourceFiles.All.SelectMany(LongLines));

    private static IEnumerable<string> LongLines(string file)
    {
        var isInLiteral = false;
        foreach (var (i, line) in File.ReadLines(file).Index())
        {
            var opensOrCloses = line.Split("\"\"\"").Length % 2 == 0;
            if (line.Length > 140 && !isInLiteral && !line.Contains('"', StringComparison.Ordinal))
            {
                yield return $"{file}:{i + 1}";
            }

            isInLiteral ^= opensOrCloses;
        }
    }
}
