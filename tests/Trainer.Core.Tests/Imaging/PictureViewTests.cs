using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class PictureViewTests
{
    private static readonly RgbImage Picture = Drawn.Soft(300, 260);

    [Fact]
    public void WithoutVariationThePictureIsAsTheNetworkSeesIt() =>
        Assert.Equal(Preprocessing.Default.ToInput(Picture), View(PictureVariation.None, 1));

    [Fact]
    public void AViewIsAPureFunctionOfItsGenerator() => Assert.All(Enum.GetValues<PictureVariation>(), variation =>
    {
        Assert.Equal(View(variation, 3), View(variation, 3));
        var different = Enumerable.Range(0, 8).Select(seed => Convert.ToHexString(View(variation, (ulong)seed))).Distinct().Count();
        Assert.Equal(variation != PictureVariation.None, different > 1);
    });

    [Theory]
    [InlineData(128)]
    [InlineData(64)]
    public void AViewHasTheSizeThatIsAskedFor(int edge) =>
        Assert.All(Enum.GetValues<PictureVariation>(), variation =>
            Assert.Equal(edge * edge * 3, PictureView.ToInput(Picture, variation, new CounterRandom(1), edge).Length));

    /// <summary>Another filter changes edges but not the whole, so a soft picture hardly changes.</summary>
    [Fact]
    public void ARescaledPictureLooksTheSame()
    {
        var plain = View(PictureVariation.None, 0);

        Assert.All(Enumerable.Range(0, 8), seed =>
            Assert.InRange(MeanDifference(plain, View(PictureVariation.Rescaled, (ulong)seed)), 0, 3));
    }

    [Fact]
    public void RetakenPicturesDifferMoreThanRescaledOnes()
    {
        var plain = View(PictureVariation.None, 0);

        var retaken = Enumerable.Range(0, 16).Average(seed => MeanDifference(plain, View(PictureVariation.Retaken, (ulong)seed)));

        Assert.InRange(retaken, 10, 120);
    }

    [Fact]
    public void AStripLeavesMuchOfThePicture()
    {
        var shares = Enumerable.Range(0, 16).Select(seed => Share(View(PictureVariation.Strip, (ulong)seed))).ToArray();

        Assert.InRange(shares.Average(), 0.05, 0.8);

        // How much of a picture in one strong colour is still seen.
        static double Share(byte[] view) => view.Chunk(3).Count(pixel => Math.Abs(pixel[0] - pixel[1]) > 40) / (view.Length / 3.0);
    }

    private static byte[] View(PictureVariation variation, ulong seed) =>
        PictureView.ToInput(Picture, variation, new CounterRandom(seed), 128);

    private static double MeanDifference(byte[] one, byte[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Average();
}
