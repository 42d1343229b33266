using System.Globalization;
using NetVips;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Samples;
using Xunit;

namespace Trainer.Core.Tests.Samples;

public sealed class SamplePicturesTests
{
    private const ulong Seed = 7;
    private const int Count = 40;

    private static readonly Dictionary<SampleKind, byte[][]> Pictures = Enum.GetValues<SampleKind>().ToDictionary(kind => kind, DrawAll);

    public static TheoryData<SampleKind> Kinds => new(Enum.GetValues<SampleKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SameSeedGivesTheSameBytes(SampleKind kind) =>
        Assert.Equal(Pictures[kind][3], SamplePictures.Draw(kind, 3, Seed));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AnotherSeedOrIndexGivesAnotherPicture(SampleKind kind)
    {
        Assert.NotEqual(Pictures[kind][3], SamplePictures.Draw(kind, 3, Seed + 1));
        Assert.NotEqual(Pictures[kind][3], Pictures[kind][4]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryPictureDecodesAndIsNotPlain(SampleKind kind)
    {
        for (var index = 0; index < Count; index++)
        {
            using var picture = Image.NewFromBuffer(Pictures[kind][index]);

            Assert.Equal(3, picture.Bands);
            Assert.InRange(picture.Width, 160, 240);
            Assert.InRange(picture.Height, 160, 240);
            Assert.True(picture.Deviate() > 5, $"{kind} {index} is plain: its pixels deviate by {picture.Deviate():0.0}, expected over 5.");
        }
    }

    [Fact]
    public void SizesTellNothingOfTheKind()
    {
        var sizes = Pictures[SampleKind.Normal].Select(SizeOf).ToArray();

        Assert.Equal(sizes, Pictures[SampleKind.Negative].Select(SizeOf));
        Assert.Equal(sizes, Pictures[SampleKind.Hard].Select(SizeOf));
        Assert.Equal(4, sizes.Distinct().Count());
    }

    /// <summary>
    /// How well the share of green alone would work as a gate (AUROC). These values are for the pictures drawn here; with 400 of each kind
    /// they are 0.79 and
    /// 0.43. For photos against COCO it is 0.87 for rice, 0.92 for chilli leaves and 0.71 for weeds. A change of the drawings must not make
    /// it a better gate.
    /// </summary>
    [Theory]
    [InlineData(SampleKind.Negative, 0.774)]
    [InlineData(SampleKind.Hard, 0.388)]
    public void TheShareOfGreenTellsKindsApartNoBetterThanOfPhotos(SampleKind others, double expected)
    {
        var auroc = SlowAuroc([.. Pictures[SampleKind.Normal].Select(GreenShare)], [.. Pictures[others].Select(GreenShare)]);

        Assert.Equal(expected, auroc, 0.02);
    }

    [Fact]
    public void TheLanguageOfTheMachineChangesNothing()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };

            Assert.Equal(Pictures[SampleKind.Normal][0], SamplePictures.Draw(SampleKind.Normal, 0, Seed));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void DecodersBanOnSvgDoesNotStopTheDrawing()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Pictures[SampleKind.Hard][0]);
            ImageDecoder.Decode(file);

            Assert.Equal(Pictures[SampleKind.Hard][0], SamplePictures.Draw(SampleKind.Hard, 0, Seed));
            File.WriteAllText(file, "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
            Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void NegativeIndexIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SamplePictures.Draw(SampleKind.Normal, -1, Seed));

    private static byte[][] DrawAll(SampleKind kind) =>
        [.. Enumerable.Range(0, Count).AsParallel().AsOrdered().Select(index => SamplePictures.Draw(kind, index, Seed))];

    private static (int Width, int Height) SizeOf(byte[] jpeg)
    {
        using var picture = Image.NewFromBuffer(jpeg);
        return (picture.Width, picture.Height);
    }

    /// <summary>The share of pixels whose green is stronger than their red and their blue.</summary>
    private static double GreenShare(byte[] jpeg)
    {
        using var picture = Image.NewFromBuffer(jpeg);
        using var small = picture.ThumbnailImage(32, height: 32, size: Enums.Size.Force);
        var pixels = small.WriteToMemory<byte>();
        var green = 0;
        for (var i = 0; i < pixels.Length; i += 3)
        {
            green += pixels[i + 1] > pixels[i] && pixels[i + 1] > pixels[i + 2] ? 1 : 0;
        }

        return green / (pixels.Length / 3.0);
    }

    private static double SlowAuroc(double[] normals, double[] negatives)
    {
        var wins = 0.0;
        foreach (var normal in normals)
        {
            foreach (var negative in negatives)
            {
                wins += normal > negative ? 1 : normal == negative ? 0.5 : 0;
            }
        }

        return wins / (normals.Length * negatives.Length);
    }
}
