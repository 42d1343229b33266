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
        Assert.Empty(SourceFiles.All.GroupBy(Path.GetDirectoryName).Where(folder => folder.Count() > 15).Select(folder => $"{folder.Key}: {folder.Count()}"));
}
