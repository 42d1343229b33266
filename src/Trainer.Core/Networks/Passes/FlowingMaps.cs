using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>Memory for results that pass from layer to layer and aren't kept: four buffers, used in turn.</summary>
internal sealed unsafe class FlowingMaps : IDisposable
{
    private readonly AlignedBuffer[] buffers = [new(), new(), new(), new()]; // a block's input, two intermediate results, its output
    private int turn;

    /// <summary>Memory for the next result. The fourth call after this one reuses it.</summary>
    public float* Next(long count) => buffers[++turn % buffers.Length].For(count);

    public void Dispose()
    {
        foreach (var buffer in buffers)
        {
            buffer.Dispose();
        }
    }
}
