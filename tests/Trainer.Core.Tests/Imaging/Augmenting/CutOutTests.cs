using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Augmenting;

public sealed class CutOutTests
{
    private const int Edge = 128;
    // No background has this colour.
    private static readonly byte[] Original = [.. Enumerable.Repeat<byte[]>([10, 250, 30], Edge * Edge).SelectMany(colour => colour)];

    [Fact]
    public void IsAPureFunctionOfItsGenerator()
    {
        var first = Cut(7);

        _ = Cut(8);

        Assert.Equal(first, Cut(7));
        Assert.NotEqual(first, Cut(8));
    }

    [Fact]
    public void GroundIsPlainAndMostlyLight()
    {
        var grounds = Enumerable.Range(0, 200).Select(key => Cut((ulong)key)).Select(pixels => Palette.Of(Ground(pixels))).ToArray();

        Assert.InRange(grounds.Count(ground => ground.Deviation.Max() < 16), 195, 200); // the tip of a long piece may fade further
        Assert.InRange(grounds.Count(ground => ground.Grey > 130), 130, 190);
    }

    /// <summary>In a picture of slanting stripes, the remaining piece is long along the stripes and narrow across them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(90)]
    [InlineData(150)]
    public void StripsFollowTheLinesOfThePicture(double degrees)
    {
        var (cos, sin) = (Math.Cos(double.DegreesToRadians(degrees)), Math.Sin(double.DegreesToRadians(degrees)));
        var stripes = Enumerable.Range(0, Edge * Edge)
            .SelectMany(i => Enumerable.Repeat((byte)(128 + (100 * Math.Sin(((i / Edge * cos) - (i % Edge * sin)) / 3))), 3)).ToArray();

        for (ulong key = 0; key < 30; key++)
        {
            var pixels = (byte[])stripes.Clone();
            CutOut.Apply(pixels, Edge, new CounterRandom(key));

            var kept = Enumerable.Range(0, Edge * Edge).Where(i => pixels.AsSpan(3 * i, 3).SequenceEqual(stripes.AsSpan(3 * i, 3)))
                .Select(i => (Along: (i % Edge * cos) + (i / Edge * sin), Across: (i / Edge * cos) - (i % Edge * sin))).ToArray();
            var (along, across) = (Deviation(kept.Select(k => k.Along)), Deviation(kept.Select(k => k.Across)));
            Assert.True(along > across, $"{key}: {along} along, {across} across");
        }
    }

    private static double Deviation(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return Math.Sqrt(all.Average(v => (v - mean) * (v - mean)));
    }

    private static byte[] Cut(ulong key, int edge = Edge)
    {
        var pixels = Original[..(edge * edge * 3)];
        CutOut.Apply(pixels, edge, new CounterRandom(key));
        return pixels;
    }

    private static bool[] Kept(byte[] pixels) => [.. pixels.Chunk(3).Select(pixel => pixel.AsSpan().SequenceEqual(Original.AsSpan(0, 3)))];

    /// <summary>The background's pixels, without the soft edge, where both mix.</summary>
    private static byte[] Ground(byte[] pixels)
    {
        var kept = Kept(pixels);
        bool IsFar(int i) => Enumerable.Range(0, 49).All(n => (i % Edge) + (n % 7) - 3 is var x && (i / Edge) + (n / 7) - 3 is var y
            && (x is < 0 or >= Edge || y is < 0 or >= Edge || !kept[(y * Edge) + x]));
        return [.. Enumerable.Range(0, Edge * Edge).Where(IsFar).SelectMany(i => pixels[(3 * i)..((3 * i) + 3)])];
    }
}
