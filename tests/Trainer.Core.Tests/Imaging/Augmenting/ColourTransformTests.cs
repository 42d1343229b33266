using Trainer.Core.Imaging.Augmenting;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Augmenting;

public sealed class ColourTransformTests
{
    private const int Rounding = 1;       // float32 against float64, at .5
    private const double Tolerance = 1e-9;

    private static readonly byte[] Noise = Drawn.Noise(40, 30, seed: 1).Pixels;

    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, ColourTransform> All => new()
    {
        ["brightness"] = ColourTransform.Brightness(1.3),
        ["contrast"] = ColourTransform.Contrast(0.6, 90),
        ["saturation"] = ColourTransform.Saturation(1.4),
        ["hue"] = ColourTransform.Hue(0.7),
        ["both"] = ColourTransform.Hue(0.7).Then(ColourTransform.Contrast(1.2, 100)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithLoopsInDoublePrecision(string name)
    {
        var change = All[name];
        var pixels = (byte[])Noise.Clone();

        change.Apply(pixels);

        Assert.InRange(Drawn.MaxDifference(Slowly(change, Noise), pixels), 0, Rounding);
        Assert.NotEqual(Noise, pixels);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ThenIsOneAfterTheOther(string name)
    {
        foreach (var next in All.Values)
        {
            foreach (var colour in (double[][])[[0, 0, 0], [10, 200, 90], [255, 0, 128]])
            {
                var expected = Change(next, Change(All[name], colour));

                var actual = Change(All[name].Then(next), colour);

                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
            }
        }
    }

    [Fact]
    public void HueKeepsGrey()
    {
        byte[] greys = [.. Enumerable.Range(0, 256).SelectMany(grey => Enumerable.Repeat((byte)grey, 3))];

        for (var degrees = -180; degrees <= 180; degrees += 20)
        {
            var pixels = (byte[])greys.Clone();
            ColourTransform.Hue(degrees * Math.PI / 180).Apply(pixels);
            Assert.Equal(greys, pixels);
        }
    }

    [Fact]
    public void FullTurnOfTheHueLeavesAll() => AssertLeavesAll(ColourTransform.Hue(2 * Math.PI));

    [Fact]
    public void HueThereAndBackLeavesAll() => AssertLeavesAll(ColourTransform.Hue(0.4).Then(ColourTransform.Hue(-0.4)));

    /// <summary>The matrix is a rotation: it keeps lengths, and a third of a turn turns red into green.</summary>
    [Fact]
    public void HueIsATurnAboutTheGreyAxis()
    {
        var green = Change(ColourTransform.Hue(2 * Math.PI / 3), [200, 0, 0]);
        var turned = Change(ColourTransform.Hue(0.9), [200, 30, 80]);

        Assert.All(green.Zip([0.0, 200, 0]), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
        Assert.Equal(Math.Sqrt((200 * 200) + (30 * 30) + (80 * 80)), Math.Sqrt(turned.Sum(v => v * v)), Tolerance);
        Assert.Equal(310, turned.Sum(), Tolerance);
    }

    [Fact]
    public void OneIsTheNeutralFactor()
    {
        AssertLeavesAll(ColourTransform.Brightness(1));
        AssertLeavesAll(ColourTransform.Contrast(1, 77));
        AssertLeavesAll(ColourTransform.Saturation(1));
    }

    [Fact]
    public void NoSaturationGivesGreyOfTheSameBrightness()
    {
        var pixels = (byte[])Noise.Clone();

        ColourTransform.Saturation(0).Apply(pixels);

        for (var i = 0; i < pixels.Length; i += 3)
        {
            var brightness = (0.299 * Noise[i]) + (0.587 * Noise[i + 1]) + (0.114 * Noise[i + 2]);
            Assert.All(pixels[i..(i + 3)], value => Assert.InRange(value - brightness, -0.51, 0.51));
            Assert.Equal(pixels[i], pixels[i + 1]);
            Assert.Equal(pixels[i], pixels[i + 2]);
        }
    }

    [Fact]
    public void SaturationKeepsBrightness()
    {
        var colour = Change(ColourTransform.Saturation(1.4), [120, 60, 200]);

        Assert.Equal((0.299 * 120) + (0.587 * 60) + (0.114 * 200), (0.299 * colour[0]) + (0.587 * colour[1]) + (0.114 * colour[2]),
            Tolerance);
    }

    [Fact]
    public void ContrastKeepsItsGrey() =>
        Assert.All(Change(ColourTransform.Contrast(0.3, 90), [90, 90, 90]), value => Assert.Equal(90, value, Tolerance));

    /// <summary>There is no deviation to stretch, so one colour becomes the other's mean, without noise or a division by zero.</summary>
    [Fact]
    public void ValuesAreCutOffAtBlackAndWhite()
    {
        byte[] pixels = [200, 128, 0];

        ColourTransform.Contrast(10, 128).Apply(pixels);

        Assert.Equal([255, 128, 0], pixels);
    }

    private static void AssertLeavesAll(ColourTransform change)
    {
        var pixels = (byte[])Noise.Clone();
        change.Apply(pixels);
        Assert.Equal(Noise, pixels);
    }

    private static double[] Change(ColourTransform change, double[] colour)
    {
        var result = new double[3];
        for (var row = 0; row < 3; row++)
        {
            result[row] = change.Offset[row];
            for (var column = 0; column < 3; column++)
            {
                result[row] += change.M[(3 * row) + column] * colour[column];
            }
        }

        return result;
    }

    private static byte[] Slowly(ColourTransform change, byte[] pixels)
    {
        var result = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i += 3)
        {
            var colour = Change(change, [pixels[i], pixels[i + 1], pixels[i + 2]]);
            for (var c = 0; c < 3; c++)
            {
                result[i + c] = (byte)Math.Clamp(Math.Round(colour[c]), 0, 255);
            }
        }

        return result;
    }
}
