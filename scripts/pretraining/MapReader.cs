using Trainer.Core.Networks;

namespace Pretraining;

/// <summary>Reads whole maps: what every block of MobileNetV2 gives, each place and channel.</summary>
/// <param name="edge">E of the pictures, a multiple of 32.</param>
internal sealed unsafe class MapReader(int edge) : IMapReader
{
    private const int LastBlock = 18; // the only one that ends with a ReLU6
    private const float Six = 6;

    /// <summary>What is read: blocks 1 to 18, in order.</summary>
    public IReadOnlyList<BlockMap> Maps { get; } = MapsFor(edge);

    public int Size => Maps[^1].First + Maps[^1].Size;

    public bool Reads(int block) => block > 0;

    public void Forward(int block, float* map, int places, float* statistics) =>
        new Span<float>(map, Maps[block - 1].Size).CopyTo(new Span<float>(statistics + Maps[block - 1].First, Maps[block - 1].Size));

    public void Backward(int block, float* map, int places, float* statistics, float* gradients, float* flow)
    {
        var (first, size) = (Maps[block - 1].First, Maps[block - 1].Size);
        for (var i = 0; i < size; i++)
        {
            if (block < LastBlock || (map[i] > 0 && map[i] < Six))
            {
                flow[i] += gradients[first + i];
            }
        }
    }

    private static BlockMap[] MapsFor(int edge)
    {
        (int Channels, int Repeats, int Shrink)[] stages = [(16, 1, 2), (24, 2, 4), (32, 3, 8), (64, 4, 16), (96, 3, 16), (160, 3, 32), (320, 1, 32), (1280, 1, 32)];
        var maps = new List<BlockMap>();
        foreach (var (channels, repeats, shrink) in stages)
        {
            for (var i = 0; i < repeats; i++)
            {
                var places = edge / shrink * (edge / shrink);
                maps.Add(new BlockMap(maps.Count + 1, channels, places, maps.Count == 0 ? 0 : maps[^1].First + maps[^1].Size));
            }
        }

        return [.. maps];
    }
}

/// <summary>Where a block's map lies among the numbers of a picture: [places, channels].</summary>
internal sealed record BlockMap(int Block, int Channels, int Places, int First)
{
    public int Size => Channels * Places;
}
