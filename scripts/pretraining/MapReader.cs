using TorchSharp.Modules;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;

namespace Pretraining;

/// <summary>Reads the complete maps of every block of MobileNetV2 except the stem.</summary>
/// <param name="edge">E of the pictures, a multiple of 32.</param>
internal sealed unsafe class MapReader(Sequential features, int edge) : IMapReader
{
    private const float Six = 6;

    /// <summary>The maps that are read: blocks 1 to 18, in order.</summary>
    public IReadOnlyList<BlockMap> Maps { get; } = MapsOf(features, edge);

    public int Size => Maps[^1].First + Maps[^1].Size;

    public bool Reads(int block) => block > 0;

    public void Forward(int block, float* map, int places, float* statistics) =>
        new Span<float>(map, Maps[block - 1].Size).CopyTo(new Span<float>(statistics + Maps[block - 1].First, Maps[block - 1].Size));

    public void Backward(int block, float* map, int places, float* statistics, float* gradients, float* flow)
    {
        var (first, size) = (Maps[block - 1].First, Maps[block - 1].Size);
        for (var i = 0; i < size; i++)
        {
            if (!Maps[block - 1].HasRelu6 || (map[i] > 0 && map[i] < Six))
            {
                flow[i] += gradients[first + i];
            }
        }
    }

    private static BlockMap[] MapsOf(Sequential features, int edge)
    {
        var (maps, first) = (new List<BlockMap>(), 0);
        foreach (var (child, block) in features.children().Select((child, block) => (child, block)))
        {
            var shortcut = child is InvertedResidual { HasShortcut: true };
            NormedConvolution[] layers = child is InvertedResidual residual ? [.. residual.Convolutions]
                : [.. NormedConvolution.In("", (Sequential)child)];
            edge = layers.Aggregate(edge, (size, layer) => size / (int)layer.Convolution.stride[0]);
            if (block > 0)
            {
                maps.Add(new BlockMap(block, (int)layers[^1].Convolution.out_channels, edge * edge, first, shortcut, layers[^1].HasRelu6));
                first += maps[^1].Size;
            }
        }

        return [.. maps];
    }
}

/// <summary>The position of a block's map, [places, channels], among a picture's numbers.</summary>
internal sealed record BlockMap(int Block, int Channels, int Places, int First, bool HasShortcut, bool HasRelu6)
{
    public int Size => Channels * Places;
}
