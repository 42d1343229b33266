using Trainer.Core.Wording;
using Xunit;

namespace Trainer.Core.Tests.Wording;

public sealed class NearNameTests
{
    private static readonly string[] Known = ["--epochs", "--save-interval", "--lr", "--out", "--normal"];

    [Theory]
    [InlineData("--epoch", "--epochs")]
    [InlineData("--EPOCHS", "--epochs")]
    [InlineData("-epochs", "--epochs")]
    [InlineData("--save_interval", "--save-interval")]
    [InlineData("--nromal", "--normal")]
    [InlineData("--lr2", "--lr")]
    [InlineData("--foo", null)]
    [InlineData("--x", null)]
    [InlineData("--temperature", null)]
    [InlineData("", null)]
    public void NearestIsFoundUnlessNoneIsNear(string given, string? expected) => Assert.Equal(expected, NearName.Of(given, Known));

    [Fact]
    public void AmongNoneThereIsNone() => Assert.Null(NearName.Of("epochs", []));
}
