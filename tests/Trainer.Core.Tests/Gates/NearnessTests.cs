using Trainer.Core.Gates;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class NearnessTests
{
    private static readonly float[] Hundred = [.. Enumerable.Range(0, 100).Select(i => i / 100f)];

    [Theory]
    [InlineData(-0.5f, 0, "farther than all")]
    [InlineData(0f, 0, "farther than all")] // as far as the farthest
    [InlineData(0.125f, 0.13, "closer than 13 of 100")]
    [InlineData(0.5f, 0.5, "closer than 50 of 100")] // its equals lie no farther
    [InlineData(2f, 1, "closer than all")]
    public void CountsThePhotosThatLieFarther(float cosine, double share, string said)
    {
        var nearness = Nearness.Among(Hundred.Reverse())!; // enough of them

        Assert.Equal(share, nearness.Share(cosine), 1e-12);
        Assert.Equal(said, nearness.Say(cosine));
    }

    [Fact]
    public void NearlyAllIsNotAll() => Assert.Equal("closer than 99 of 100", Nearness.Among([.. Enumerable.Repeat(0f, 999), 1f])!.Say(0.5f));

    [Fact]
    public void FewPhotosPlaceNothing() => Assert.Null(Nearness.Among(Hundred.Take(19)));
}
