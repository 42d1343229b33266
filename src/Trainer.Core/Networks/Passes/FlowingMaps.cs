using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>Memory for what flows from layer to layer and isn't kept: as many maps as a block has at a time, in turn.</summary>
internal sealed unsafe class FlowingMaps : IDisposable
{
    private readonly AlignedBuffer[] rows = [new(), new(), new(), new()]; // a block's input, two hidden results, its output
    private int turn;

    /// <summary>The place of the next maps; the fourth after it takes the same.</summary>
    public float* Next(long count) => rows[++turn % rows.Length].For(count);

    public void Dispose()
    {
        foreach (var row in rows)
        {
            row.Dispose();
        }
    }
}
