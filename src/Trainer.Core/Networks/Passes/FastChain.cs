using TorchSharp.Modules;
using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>
/// Runs MobileNetV2's convolutions one after the other, for a range of layers and a range of a batch's pictures at a time, and lets a
/// reader compute statistics of their results.
/// </summary>
internal sealed unsafe class FastChain : IDisposable
{
    private const int Colours = 3;

    private readonly bool[] begins; // true for the first layer of a block
    private readonly bool[] adds; // true for a layer that adds its block's input to its result
    private readonly int[] read; // the block that ends with this layer, if the reader reads it; otherwise −1
    private readonly int[] edges; // edge of each layer's input, and of the last result
    private readonly IMapReader reader;
    private readonly AlignedBuffer statistics = new();
    private float* pixels;
    private int boundary;

    public FastChain(Sequential features, IMapReader reader)
    {
        this.reader = reader;
        var blocks = features.children().Select(child => child is InvertedResidual block
            ? (Layers: block.Convolutions.ToArray(), block.HasShortcut)
            : (Layers: [.. NormedConvolution.In("", (Sequential)child)], HasShortcut: false)).ToArray();
        Convolutions = [.. blocks.SelectMany(block => block.Layers).Select(Fast)];
        begins = [.. blocks.SelectMany(block => block.Layers.Select((_, i) => i == 0))];
        adds = [.. blocks.SelectMany(block => block.Layers.Select((_, i) => block.HasShortcut && i == block.Layers.Length - 1))];
        read = [.. blocks.SelectMany(
            (block, number) => block.Layers.Select((_, i) => reader.Reads(number) && i == block.Layers.Length - 1 ? number : -1))];
        edges = new int[Length + 1];
    }

    public FastConvolution[] Convolutions { get; }

    public int Length => Convolutions.Length;

    /// <summary>True when the batch norms use each batch's statistics.</summary>
    public bool Learns => Convolutions[0].Learns;

    /// <summary>The number of values in a picture's last result.</summary>
    public long LastSize => Size(Length);

    /// <summary>The reader's statistics of the batch's pictures, [N, S].</summary>
    public float* Statistics => statistics.First;

    /// <summary>Allocates memory for a batch.</summary>
    /// <param name="images">[pictures, edge, edge, 3]; must stay valid until the backward pass is over.</param>
    /// <param name="keeps">True when all results are kept for a backward pass.</param>
    /// <param name="layers">The result of the layer before this one is always kept.</param>
    public void Prepare(float* images, int pictures, int edge, bool keeps, int layers)
    {
        pixels = images;
        (boundary, edges[0]) = (layers - 1, edge);
        _ = statistics.For((long)pictures * reader.Size);
        for (var i = 0; i < Length; i++)
        {
            edges[i + 1] = Convolutions[i].EdgeFor(edges[i]);
            if (keeps || i == boundary)
            {
                _ = Convolutions[i].Maps.For(pictures * Size(i + 1));
            }
        }
    }

    /// <summary>Sends pictures through the layers from <paramref name="from"/> up to but not including <paramref name="to"/>.</summary>
    public void Forward(ThreadTeam team, int from, int to, int first, int count, bool keeps, FlowingMaps flowing)
    {
        float* input = Input(from, first), begin = input;
        for (var i = from; i < to; i++)
        {
            begin = begins[i] ? input : begin;
            var output = keeps || i == boundary ? Input(i + 1, first) : flowing.Next(count * Size(i + 1));
            Convolutions[i].Forward(team, input, output, count, edges[i], adds[i] ? begin : null);
            if (read[i] >= 0)
            {
                Read(team, i, output, first, count);
            }

            input = output;
        }
    }

    /// <summary>
    /// Sends gradients back through the layers before <paramref name="to"/>, down to <paramref name="from"/>, for pictures whose forward
    /// results were kept.
    /// </summary>
    /// <param name="sums">Written: the gradient sums of each layer.</param>
    /// <param name="ofStatistics">Gradients of <see cref="Statistics"/>.</param>
    /// <param name="gradients">
    /// Gradients of the last layer's result before its ReLU6, for the whole batch. The gradients of statistics read there are added to
    /// them.
    /// </param>
    /// <returns>Gradients of the first layer's input; null when that input is the pictures.</returns>
    public float* Backward(
        ThreadTeam team, ReadOnlySpan<GradientSums> sums, int from, int to, float* ofStatistics, float* gradients, int first, int count,
        FlowingMaps flowing)
    {
        var flow = gradients + (first * Size(to));
        var ofBlock = flow;
        for (var i = to - 1; i >= from; i--)
        {
            if (read[i] >= 0)
            {
                AddGradients(team, i, ofStatistics, flow, first, count);
            }

            ofBlock = adds[i] ? flow : ofBlock;
            var result = i == 0 ? null : flowing.Next(count * Size(i));
            var isAdded = begins[i] && adds[EndOfBlock(i)];
            Convolutions[i].Backward(
                team, sums[i], flow, Input(i, first), i > 0 && Convolutions[i - 1].HasRelu6, result, count, edges[i],
                isAdded ? ofBlock : null);
            flow = result;
        }

        return flow;
    }

    public void Dispose()
    {
        statistics.Dispose();
        foreach (var convolution in Convolutions)
        {
            convolution.Dispose();
        }
    }

    /// <param name="maps">The layer's results, starting with the picture <paramref name="first"/>.</param>
    private void Read(ThreadTeam team, int layer, float* maps, int first, int count) => team.Run(count, (picture, _) => reader.Forward(
        read[layer], maps + (picture * Size(layer + 1)), Places(layer + 1), Statistics + ((nint)(first + picture) * reader.Size)));

    /// <param name="flow">Gradients of the layer's results, added to.</param>
    private void AddGradients(ThreadTeam team, int layer, float* ofStatistics, float* flow, int first, int count) =>
        team.Run(count, (picture, _) =>
        {
            var offset = (nint)(first + picture) * reader.Size;
            reader.Backward(
                read[layer],
                Input(layer + 1, first + picture),
                Places(layer + 1),
                Statistics + offset,
                ofStatistics + offset,
                flow + (picture * Size(layer + 1)));
        });

    private static FastConvolution Fast(NormedConvolution source) =>
        source.Convolution.groups > 1 ? new FastDepthwise(source)
        : source.Convolution.kernel_size[0] > 1 ? new FastStem(source)
        : new FastPointwise(source);

    /// <summary>The number of places in each of the layer's input feature maps.</summary>
    private int Places(int layer) => edges[layer] * edges[layer];

    /// <summary>The number of values in the layer's input, for one picture.</summary>
    private long Size(int layer) => (long)Places(layer) * (layer == 0 ? Colours : Convolutions[layer - 1].Outputs);

    /// <summary>The layer's kept input, starting with a picture.</summary>
    private float* Input(int layer, int picture) => (layer == 0 ? pixels : Convolutions[layer - 1].Maps.First) + (picture * Size(layer));

    private int EndOfBlock(int layer)
    {
        while (layer + 1 < Length && !begins[layer + 1])
        {
            layer++;
        }

        return layer;
    }
}
