using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>
/// Runs convolutions whose batch norms stand still one after the other, for a range of layers and a range of a batch's pictures at a time.
/// </summary>
internal sealed unsafe class FastChain(ChainLayout layout, MapStatistics statistics)
{
    private float* pixels;
    private int boundary;

    /// <summary>Allocates memory for a batch.</summary>
    /// <param name="images">[pictures, edge, edge, 3]; must stay valid until the backward pass is over.</param>
    /// <param name="keeps">True when all results are kept for a backward pass.</param>
    /// <param name="layers">The result of the layer before this one is always kept.</param>
    public void Prepare(float* images, int pictures, bool keeps, int layers)
    {
        pixels = images;
        boundary = layers - 1;
        for (var i = 0; i < layout.Length; i++)
        {
            if (keeps || i == boundary)
            {
                _ = layout.Convolutions[i].Maps.For(pictures * layout.Size(i + 1));
            }
        }
    }

    /// <summary>Sends pictures through the layers from <paramref name="from"/> up to but not including <paramref name="to"/>.</summary>
    public void Forward(ThreadTeam team, int from, int to, int first, int count, bool keeps, FlowingMaps flowing)
    {
        float* input = Input(from, first), begin = input;
        for (var i = from; i < to; i++)
        {
            begin = layout.Begins(i) ? input : begin;
            var output = keeps || i == boundary ? Input(i + 1, first) : flowing.Next(count * layout.Size(i + 1));
            layout.Convolutions[i].Convolve(
                team, input, output, count, layout.Edge(i), layout.Adds(i) ? begin : null, layout.Convolutions[i].HasRelu6);
            statistics.Read(team, i, output, first, count);
            input = output;
        }
    }

    /// <summary>
    /// Sends gradients back through the layers before <paramref name="to"/>, down to <paramref name="from"/>, for pictures whose forward
    /// results were kept.
    /// </summary>
    /// <param name="sums">Written: the gradient sums of each layer.</param>
    /// <param name="ofStatistics">Gradients of the statistics.</param>
    /// <param name="gradients">
    /// Gradients of the last layer's result before its ReLU6, for the whole batch. The gradients of statistics read there are added to
    /// them.
    /// </param>
    /// <returns>Gradients of the first layer's input; null when that input is the pictures.</returns>
    public float* Backward(
        ThreadTeam team, ReadOnlySpan<GradientSums> sums, int from, int to, float* ofStatistics, float* gradients, int first, int count,
        FlowingMaps flowing)
    {
        var flow = gradients + (first * layout.Size(to));
        var ofBlock = flow;
        for (var i = to - 1; i >= from; i--)
        {
            statistics.AddGradients(team, i, ofStatistics, Input(i + 1, first), flow, first, count);
            ofBlock = layout.Adds(i) ? flow : ofBlock;
            var result = i == 0 ? null : flowing.Next(count * layout.Size(i));
            layout.Convolutions[i].Gradients(
                team, sums[i], flow, Input(i, first), layout.InputHasRelu6(i), result, count, layout.Edge(i),
                layout.IsAdded(i) ? ofBlock : null);
            flow = result;
        }

        return flow;
    }

    /// <summary>The layer's kept input, starting with a picture.</summary>
    private float* Input(int layer, int picture) =>
        (layer == 0 ? pixels : layout.Convolutions[layer - 1].Maps.First) + (picture * layout.Size(layer));
}
