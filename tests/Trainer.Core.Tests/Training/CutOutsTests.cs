using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Runs;
using Trainer.Core.Training;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class CutOutsTests : IDisposable
{
    private const int Edge = 128;
    private const int Draws = 400;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ShareDecidesHowMany()
    {
        var negatives = Negatives();

        int Changed(double share) => Enumerable.Range(0, Draws).Count(position => IsChanged(Cut(negatives, Options() with { CutOuts = share }, 0, position)));

        Assert.Equal(0, Changed(0));
        Assert.InRange(Changed(0.3), 84, 156); // 120, four standard deviations of 9
        Assert.Equal(Draws, Changed(1));
    }

    [Fact]
    public void OnlyNegativesOfWhichAPieceIsShownKeepTheirColours()
    {
        var (negatives, options) = (Negatives(), Options() with { CutOuts = 0.3 });
        var cutOuts = new CutOuts(negatives, options, new CachedReader());

        Assert.All(Enumerable.Range(0, Draws), position =>
        {
            Assert.Equal(IsChanged(Cut(negatives, options, 0, position)), cutOuts.KeepsColours(Labels.Negative, 0, position));
            Assert.False(cutOuts.KeepsColours(Labels.Normal, 0, position));
        });
    }

    /// <summary>The drawn negatives are blue; plain ground hardly ever is, and black pixels are what was there before.</summary>
    [Fact]
    public void HalfLieOnANegative()
    {
        var negatives = Negatives();

        var blue = Enumerable.Range(0, Draws).Count(position =>
        {
            var ground = Cut(negatives, Options() with { CutOuts = 1 }, 0, position).Chunk(3).Where(pixel => pixel.Sum(v => v) > 0).ToArray();
            return ground.Average(pixel => pixel[2] - pixel[0]) > 30;
        });

        Assert.InRange(blue, 160, 260); // 200, four standard deviations of 10, and a few plain grounds that are blue
    }

    [Fact]
    public void IsAPureFunctionOfSeedEpochAndPosition()
    {
        var negatives = Negatives();
        var options = Options() with { CutOuts = 1 };

        byte[][] Of(TrainingOptions chosen, int epoch) => [.. Enumerable.Range(0, 20).Select(position => Cut(negatives, chosen, epoch, position))];

        Assert.Equal(Of(options, 1), Of(options, 1));
        Assert.NotEqual(Of(options, 1), Of(options, 2));
        Assert.NotEqual(Of(options, 1), Of(options with { Seed = 1 }, 1));
    }

    [Fact]
    public void WithoutAReadableNegativeTheGroundIsPlain()
    {
        ImageEntry broken = ImageFolder.Scan(Path.GetDirectoryName(folder.Write("broken/one.jpg", DrawnPictures.HalfAJpeg(0)))!).Images[0];

        Assert.All(Enumerable.Range(0, 20), position => Assert.Equal(
            Cut([broken], Options() with { CutOuts = 1 }, 0, position).Length, Cut([], Options() with { CutOuts = 1 }, 0, position).Length));
        Assert.All(Enumerable.Range(0, 20), position => Assert.True(IsChanged(Cut([broken], Options() with { CutOuts = 1 }, 0, position))));
    }

    private static byte[] Cut(IReadOnlyList<ImageEntry> negatives, TrainingOptions options, int epoch, int position) =>
        new CutOuts(negatives, options, new CachedReader()).Apply(new byte[Edge * Edge * 3], Edge, epoch, position);

    private static bool IsChanged(byte[] pixels) => pixels.Any(value => value > 0);

    private IReadOnlyList<ImageEntry> Negatives() => ImageFolder.Scan(DrawnPictures.Negatives(folder, "coco", 6)).Images;

    private static TrainingOptions Options() => new() { Normal = "normal", Coco = "coco", Out = "run", Augmentation = Core.Imaging.AugmentationMode.CropAndFlip };
}
