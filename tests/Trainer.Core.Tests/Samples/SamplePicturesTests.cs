using System.Globalization;
using NetVips;
using Trainer.Core.Samples;

namespace Trainer.Core.Tests.Samples;

public sealed class SamplePicturesTests
{
    private const ulong Seed = 7;
    private const int Count = 40;

    public static TheoryData<SampleKind> Kinds => new(Enum.GetValues<SampleKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SameSeedGivesTheSameBytes(SampleKind kind) =>
        Assert.Equal(SamplePictures.Draw(kind, 3, Seed), SamplePictures.Draw(kind, 3, Seed));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AnotherSeedOrIndexGivesAnotherPicture(SampleKind kind)
    {
        var picture = SamplePictures.Draw(kind, 3, Seed);

        Assert.NotEqual(picture, SamplePictures.Draw(kind, 3, Seed + 1));
        Assert.NotEqual(picture, SamplePictures.Draw(kind, 4, Seed));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryPictureDecodesAndIsNotPlain(SampleKind kind)
    {
        for (var index = 0; index < Count; index++)
        {
            using var picture = Image.NewFromBuffer(SamplePictures.Draw(kind, index, Seed));

            Assert.Equal(3, picture.Bands);
            Assert.InRange(picture.Width, 160, 240);
            Assert.InRange(picture.Height, 160, 240);
            Assert.True(picture.Deviate() > 8, $"{kind} {index} is plain: its pixels deviate by {picture.Deviate():0.0}, expected over 8.");
        }
    }

    [Fact]
    public void SizesTellNothingOfTheKind()
    {
        for (var index = 0; index < Count; index++)
        {
            var size = SizeOf(SampleKind.Normal, index);

            Assert.Equal(size, SizeOf(SampleKind.Negative, index));
            Assert.Equal(size, SizeOf(SampleKind.Hard, index));
        }
    }

    [Fact]
    public void TheShareOfGreenAloneTellsLittleOfTheKind()
    {
        var normals = Enumerable.Range(0, Count).Select(index => GreenShare(SampleKind.Normal, index)).ToArray();
        var negatives = Enumerable.Range(0, Count).Select(index => GreenShare(SampleKind.Negative, index)).ToArray();

        Assert.InRange(SlowAuroc(normals, negatives), 0.2, 0.8);
    }

    [Fact]
    public void TheLanguageOfTheMachineChangesNothing()
    {
        var picture = SamplePictures.Draw(SampleKind.Normal, 0, Seed);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };

            Assert.Equal(picture, SamplePictures.Draw(SampleKind.Normal, 0, Seed));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void NegativeIndexIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SamplePictures.Draw(SampleKind.Normal, -1, Seed));

    private static (int Width, int Height) SizeOf(SampleKind kind, int index)
    {
        using var picture = Image.NewFromBuffer(SamplePictures.Draw(kind, index, Seed));
        return (picture.Width, picture.Height);
    }

    private static double GreenShare(SampleKind kind, int index)
    {
        using var picture = Image.NewFromBuffer(SamplePictures.Draw(kind, index, Seed));
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
