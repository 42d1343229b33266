using Trainer.Core.Runs.Files;
using Xunit;

namespace Trainer.Core.Tests.Runs.Files;

public sealed class ClassesFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        var labels = new Dictionary<ulong, int> { [0xFEDCBA9876543210] = 43, [7] = 0 };

        ClassesFile.Write(folder.PathOf("classes.tsv"), labels);

        Assert.Equal("# format 1\ncontent\tclass\n0000000000000007\t0\nfedcba9876543210\t43\n",
            File.ReadAllText(folder.PathOf("classes.tsv")));
        Assert.Equal(labels, ClassesFile.Read(folder.PathOf("classes.tsv")));
    }

    [Theory]
    [InlineData("# format 2\ncontent\tclass\n", "newer trainer")]
    [InlineData("# format 1\n", "heading")]
    [InlineData("# format 1\ncontent\tclass\nxyz\t1\n", "Can't read the run's classes")]
    [InlineData("# format 1\ncontent\tclass\n0000000000000007\n", "Can't read the run's classes")]
    [InlineData("# format 1\ncontent\tclass\n0000000000000007\t-1\n", "Can't read the run's classes")]
    public void OtherFilesAreRefusedWithASentence(string text, string part) =>
        Assert.Contains(part,
            Assert.Throws<TrainerException>(() => ClassesFile.Read(folder.Write("classes.tsv", System.Text.Encoding.UTF8.GetBytes(text))))
            .Message, StringComparison.Ordinal);
}
