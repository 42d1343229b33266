using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Runs;
using Trainer.Core.Tests.Catalog;
using Trainer.Core.Training;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class PalettesTests : IDisposable
{
    private const int Draws = 1000;

    private readonly TemporaryFolder folder = new();
    private readonly SkippedFiles skipped = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EachKindGetsTheOthersColoursAsOftenAsAsked()
    {
        var palettes = Of(Drawn(), Options() with { RecolourNormals = 0.3, RecolourNegatives = 0.5 });

        var (normals, negatives) = (Given(palettes, Labels.Normal), Given(palettes, Labels.Negative));

        Assert.InRange(normals.Length, 240, 360);   // 300, four standard deviations of 14.5
        Assert.InRange(negatives.Length, 437, 563); // 500, of 15.8
        Assert.All(normals, palette => Assert.True(palette.Mean[2] > palette.Mean[0]));   // the negatives' blue
        Assert.All(negatives, palette => Assert.True(palette.Mean[0] > palette.Mean[2])); // the subject's orange
    }

    [Fact]
    public void PalettesAreThoseOfTheOthersPictures()
    {
        var data = Drawn();
        var expected = data.Normals.Train.Select(image => Palette.Of(Preprocessing.Default.ToInput(ImageDecoder.Decode(image.Path))).Grey).Order();

        var palettes = Of(data, Options() with { RecolourNegatives = 1 });

        Assert.Equal(expected, Given(palettes, Labels.Negative).Select(palette => palette.Grey).Distinct().Order());
    }

    [Fact]
    public void IsAPureFunctionOfSeedEpochAndPosition()
    {
        var data = Drawn();
        var options = Options() with { RecolourNegatives = 0.5 };

        double?[] first = Greys(Of(data, options), 1), again = Greys(Of(data, options), 1);

        Assert.Equal(first, again);
        Assert.NotEqual(first, Greys(Of(data, options), 2));
        Assert.NotEqual(first, Greys(Of(data, options with { Seed = 1 }), 1));

        static double?[] Greys(Palettes palettes, int epoch) =>
            [.. Enumerable.Range(0, 50).Select(position => palettes.For(Labels.Negative, epoch, position)?.Grey)];
    }

    [Fact]
    public void NoShareReadsNothingAndGivesNothing()
    {
        var palettes = Of(Missing(50), Options() with { RecolourNormals = 0, RecolourNegatives = 0 });

        Assert.Empty(Given(palettes, Labels.Normal));
        Assert.Empty(Given(palettes, Labels.Negative));
        Assert.Equal(0, skipped.Count);
    }

    [Fact]
    public void PicturesThatCanNotBeReadLeaveNoPalette()
    {
        var palettes = Of(Missing(5), Options() with { RecolourNegatives = 1 });

        Assert.Empty(Given(palettes, Labels.Negative));
    }

    /// <summary>Missing files are told, so they count what was read.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 300)]
    [InlineData(301, 300)]
    [InlineData(1000, 300)]
    public void AtMostThreeHundredAreReadEvenlySpread(int pictures, int read)
    {
        _ = Of(Missing(pictures), Options() with { RecolourNegatives = 1, RecolourNormals = 0 });

        var places = skipped.All.Select(file => int.Parse(Path.GetFileNameWithoutExtension(file.Path)["image".Length..], null)).Order().ToArray();
        Assert.Equal(read, places.Length);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, (pictures / 300) + 1));
        Assert.InRange(places[^1], pictures - 1 - (pictures / 300), pictures - 1);
    }

    private static Palette[] Given(Palettes palettes, int label) =>
        [.. Enumerable.Range(0, Draws).Select(position => palettes.For(label, 0, position)).OfType<Palette>()];

    private Palettes Of(TrainingData data, TrainingOptions options) =>
        new(data, options, new BatchLoader(Preprocessing.Default, batchSize: 8, workers: 2, skipped), CancellationToken.None);

    private static TrainingOptions Options() => new() { Normal = "n", Coco = "c", Out = "o" };

    private TrainingData Drawn() => Data(
        ImageFolder.Scan(DrawnPictures.Normals(folder, "normal", 12)).Images,
        ImageFolder.Scan(DrawnPictures.Negatives(folder, "coco", 10)).Images);

    private static TrainingData Missing(int count) => Data(Entries.Some(count), Entries.Some(count, "other"));

    private static TrainingData Data(IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives) =>
        new(new PartSplit(normals, [], []), new PartSplit(negatives, [], []), "fingerprint");
}
