using Trainer.Core.Batching;
using Trainer.Core.Imaging;
using Trainer.Core.Reporting;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

public sealed class EvidenceMapTests
{
    private const int Size = 128;
    private const int Cell = Size / EvidenceMap.Edge;
    private const byte Dark = 20, Bright = 200;

    /// <summary>Uses a gate that only sees the brightness of the second place in the third row.</summary>
    [Fact]
    public void EvidenceIsWhatBlurringAPlaceTakesAway()
    {
        var gate = new PlaceGate(column: 1, row: 2);

        var maps = EvidenceMap.Of(gate, new Batch([.. Picture(Bright), .. Picture(Dark)], new Core.Catalog.LabelledImage[2]));

        Assert.Equal([Bright / 255f, Dark / 255f], maps.Select(map => map.Cosine));
        // Blurred, it is nearly as dark as its surroundings.
        Assert.All(maps[0].Places.Index(), place => Assert.Equal(place.Index == 9, place.Item > 0.1));
        Assert.All(maps[1].Places, place => Assert.Equal(0, place, 1e-6));
    }

    private static byte[] Picture(byte value)
    {
        var pixels = new byte[Size * Size * 3];
        Array.Fill(pixels, Dark);
        for (var y = 2 * Cell; y < 3 * Cell; y++)
        {
            Array.Fill(pixels, value, ((y * Size) + Cell) * 3, Cell * 3);
        }

        return pixels;
    }

    private sealed class PlaceGate(int column, int row) : Core.Evaluation.IGate
    {
        public float Threshold => 0.5f;

        public Preprocessing Preprocessing => Preprocessing.Default;

        public float[] Cosines(Batch batch) =>
            [.. batch.Pixels.Chunk(Size * Size * 3)
            .Select(picture => picture[((((row * Cell) + 5) * Size) + (column * Cell) + 5) * 3] / 255f)];
    }
}
