using Trainer.Core.Platform;
using Xunit;

namespace Trainer.Core.Tests.Platform;

public sealed class FileHandlesTests
{
    [Fact]
    public void PartOfTheProgramThatIsThereButDoesntLoadMeansNoHandle()
    {
        var name = typeof(FileHandles).Assembly.FullName;

        Assert.True(FileHandles.RanOut(
            new TypeInitializationException("T", new FileNotFoundException("Could not load file or assembly.", name))));
        Assert.False(FileHandles.RanOut(new FileNotFoundException("Could not load file or assembly.", $"Not{name}")));
        Assert.False(FileHandles.RanOut(new FileNotFoundException("Could not find file.", typeof(FileHandles).Assembly.Location)));
    }
}
