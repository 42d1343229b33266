using TorchSharp.Modules;

namespace Trainer.Core.Networks.Passes;

/// <summary>MobileNetV2's convolutions in their order, how their blocks are put together, and which of their results are read.</summary>
internal sealed class ChainLayout : IDisposable
{
    public const int Colours = 3;

    private readonly bool[] begins;
    private readonly bool[] ends;
    private readonly bool[] adds;
    private readonly int[] read;
    private readonly int[] edges; // edge of each layer's input, and of the last result

    /// <param name="reader">Computes statistics of some blocks' results.</param>
    public ChainLayout(Sequential features, IMapReader reader)
    {
        var blocks = features.children().Select(child => child is InvertedResidual block
            ? (Layers: block.Convolutions.ToArray(), block.HasShortcut)
            : (Layers: [.. NormedConvolution.In("", (Sequential)child)], HasShortcut: false)).ToArray();
        Convolutions = [.. blocks.SelectMany(block => block.Layers).Select(Fast)];
        begins = [.. blocks.SelectMany(block => block.Layers.Select((_, i) => i == 0))];
        ends = [.. blocks.SelectMany(block => block.Layers.Select((_, i) => i == block.Layers.Length - 1))];
        adds = [.. blocks.SelectMany(block => block.Layers.Select((_, i) => block.HasShortcut && i == block.Layers.Length - 1))];
        read = [.. blocks.SelectMany(
            (block, number) => block.Layers.Select((_, i) => reader.Reads(number) && i == block.Layers.Length - 1 ? number : -1))];
        edges = new int[Length + 1];
    }

    public FastConvolution[] Convolutions { get; }

    public int Length => Convolutions.Length;

    /// <summary>True when the batch norms use each batch's statistics.</summary>
    public bool Learns => Convolutions[0].Learns;

    /// <summary>True for the first layer of a block.</summary>
    public bool Begins(int layer) => begins[layer];

    /// <summary>True for a layer that adds its block's input to its result.</summary>
    public bool Adds(int layer) => adds[layer];

    /// <summary>True for the first layer of a block whose input is added to its output.</summary>
    public bool IsAdded(int layer) => begins[layer] && adds[Array.IndexOf(ends, true, layer)];

    /// <summary>The block that ends with this layer, if the reader reads it; otherwise −1.</summary>
    public int ReadBlock(int layer) => read[layer];

    /// <summary>The edge of the layer's input.</summary>
    public int Edge(int layer) => edges[layer];

    /// <summary>The number of places in each of the layer's input feature maps.</summary>
    public int Places(int layer) => edges[layer] * edges[layer];

    /// <summary>The number of values in the layer's input, for one picture. That of the last result comes after the last layer's.</summary>
    public long Size(int layer) => (long)Places(layer) * (layer == 0 ? Colours : Convolutions[layer - 1].Outputs);

    /// <summary>True when the layer's input is the result of a ReLU6.</summary>
    public bool InputHasRelu6(int layer) => layer > 0 && Convolutions[layer - 1].HasRelu6;

    /// <summary>Takes pictures of another edge.</summary>
    public void Resize(int edge)
    {
        edges[0] = edge;
        for (var i = 0; i < Length; i++)
        {
            edges[i + 1] = Convolutions[i].EdgeFor(edges[i]);
        }
    }

    public void Dispose()
    {
        foreach (var convolution in Convolutions)
        {
            convolution.Dispose();
        }
    }

    private static FastConvolution Fast(NormedConvolution source) =>
        source.Convolution.groups > 1 ? new FastDepthwise(source)
        : source.Convolution.kernel_size[0] > 1 ? new FastStem(source)
        : new FastPointwise(source);
}
