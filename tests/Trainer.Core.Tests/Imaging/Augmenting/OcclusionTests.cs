using Trainer.Core.Imaging.Augmenting;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Augmenting;

public sealed class OcclusionTests
{
    private const int Edge = 50; // not a multiple of four

    [Fact]
    public void EveryPixelIsBlurredInOneView()
    {
        var square = Drawn.Noise(Edge, Edge, 3).Pixels;

        var views = Occlusion.Views(square, Edge).Chunk(square.Length).ToArray();

        Assert.Equal(Occlusion.Places, views.Length);
        Assert.All(Enumerable.Range(0, square.Length), i => Assert.InRange(views.Count(view => view[i] != square[i]), 0, 1));
        // By chance a few equal the mean of their surroundings.
        Assert.True(Enumerable.Range(0, square.Length).Count(i => views.Any(view => view[i] != square[i])) > 0.95 * square.Length);
    }

    [Fact]
    public void BlurIsTheMeanOfTheSquareAroundAPixelTwice()
    {
        var square = Drawn.Noise(Edge, Edge, 4).Pixels;
        const int Radius = 3; // 50 / 16

        var views = Occlusion.Views(square, Edge).Chunk(square.Length).ToArray();

        double Once(Func<int, int, double> at, int x, int y) => Around(x).SelectMany(i => Around(y).Select(j => at(i, j))).Average();
        IEnumerable<int> Around(int place) => Enumerable.Range(place - Radius, (2 * Radius) + 1).Where(i => i is >= 0 and < Edge);
        foreach (var (x, y) in new[] { (0, 0), (2, 7), (20, 30) })
        {
            var expected = Once((i, j) => Once((k, l) => square[((l * Edge) + k) * 3], i, j), x, y);
            var place = (y * Occlusion.Edge / Edge * Occlusion.Edge) + (x * Occlusion.Edge / Edge);
            Assert.Equal(expected, views[place][((y * Edge) + x) * 3], 2.0); // each of four passes rounds
        }
    }

    [Fact]
    public void PlainPictureStaysAsItIs()
    {
        byte[] plain = [.. Enumerable.Range(0, 8 * 8).SelectMany(_ => new byte[] { 10, 200, 255 })];

        Assert.All(Occlusion.Views(plain, 8).Chunk(plain.Length), view => Assert.Equal(plain, view));
    }

    [Fact]
    public void EvidenceIsWhatIsLost() => Assert.Equal([0.25f, -0.125f], Occlusion.Evidence(0.75f, [0.5f, 0.875f]));
}
