using Trainer.Core.Gates;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class NearnessTests
{
    private static readonly float[] Hundred = [.. Enumerable.Range(0, 100).Select(i => i / 100f)];

    [Theory]
    [InlineData(-0.5f, 0, "farther than all")]
    [InlineData(0f, 0, "farther than all")] // as far as the farthest
    [InlineData(0.001f, 0.01, "closer than 1 of 100")]
    [InlineData(0.125f, 0.13, "closer than 13 of 100")]
    [InlineData(0.5f, 0.5, "closer than 50 of 100")]
    [InlineData(0.99f, 0.99, "closer than 99 of 100")] // its equal lies no farther
    [InlineData(2f, 1, "closer than all")]
    public void CountsThePhotosThatLieFarther(float cosine, double share, string said)
    {
        var nearness = Nearness.Among(Hundred.Reverse())!; // enough of them

        Assert.Equal(share, nearness.Share(cosine), 0.006);
        Assert.Equal(said, Nearness.Say(nearness.Share(cosine)));
    }

    [Fact]
    public void NearlyAllIsNotAll() =>
        Assert.Equal("closer than 99 of 100", Nearness.Say(Nearness.Among([.. Enumerable.Repeat(0f, 999), 1f])!.Share(0.5f)));

    [Fact]
    public void FewPhotosPlaceNothing() => Assert.Null(Nearness.Among(Hundred.Take(19)));

    [Fact]
    public void ComesBackFromItsTable()
    {
        var nearness = Nearness.Among(Hundred)!;

        Assert.Equal(nearness.Table, Nearness.OfTable([.. nearness.Table])!.Table);
        Assert.Null(Nearness.OfTable([.. nearness.Table.Reverse()]));
        Assert.Null(Nearness.OfTable([0.5f]));
    }
}
