using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes.Learning;

/// <summary>
/// Runs convolutions whose batch norms use each batch's statistics: the whole batch goes through one layer after the other.
/// </summary>
internal sealed unsafe class LearningChain(ChainLayout layout, MapStatistics statistics, int threads) : IDisposable
{
    private readonly LearningConvolution[] convolutions = [.. layout.Convolutions.Select(kernel => new LearningConvolution(kernel))];
    private readonly BandMemory[] memory = [.. Enumerable.Range(0, threads).Select(_ => new BandMemory())];

    /// <summary>Sends a batch through all layers, keeping what a backward pass needs.</summary>
    /// <param name="images">[pictures, edge, edge, 3]; must stay valid until the backward pass is over.</param>
    public void Forward(ThreadTeam team, float* images, int pictures)
    {
        var input = new InputMaps(images, layout.Edge(0), ChainLayout.Colours, hasRelu6: false);
        var begin = input;
        for (var i = 0; i < layout.Length; i++)
        {
            begin = layout.Begins(i) ? input : begin;
            var output = IsNormalisedWhereRead(i) ? null : layout.Convolutions[i].Maps.For(pictures * layout.Size(i + 1));
            input = convolutions[i].Forward(team, input, output, layout.Adds(i) ? begin.Values : null, pictures, memory);
            statistics.Read(team, i, input.Values, 0, pictures);
        }
    }

    /// <summary>Sends gradients back through all layers, and adds those of the norms to the parameters' gradients.</summary>
    /// <param name="sums">Written: the gradient sums of each layer.</param>
    /// <param name="ofStatistics">Gradients of the statistics.</param>
    /// <param name="flow">
    /// Gradients of the last layer's result before its ReLU6. The gradients of statistics read there are added to them.
    /// </param>
    public void Backward(
        ThreadTeam team, ReadOnlySpan<GradientSums> sums, float* ofStatistics, float* flow, int pictures, FlowingMaps flowing)
    {
        var ofBlock = flow;
        for (var i = layout.Length - 1; i >= 0; i--)
        {
            statistics.AddGradients(team, i, ofStatistics, layout.Convolutions[i].Maps.First, flow, 0, pictures);
            ofBlock = layout.Adds(i) ? flow : ofBlock;
            var result = i == 0 ? null : flowing.Next(pictures * layout.Size(i));
            convolutions[i].Backward(team, sums[i], flow, result, layout.IsAdded(i) ? ofBlock : null, memory);
            flow = result;
        }
    }

    public void Dispose()
    {
        foreach (var convolution in convolutions)
        {
            convolution.Dispose();
        }

        foreach (var ofThread in memory)
        {
            ofThread.Dispose();
        }
    }

    /// <summary>True when only the next layer reads this one's results, band by band.</summary>
    private bool IsNormalisedWhereRead(int layer) => layout.Convolutions[layer].HasRelu6 && layout.ReadBlock(layer) < 0
        && layer + 1 < layout.Length && convolutions[layer + 1].ReadsBands;
}
