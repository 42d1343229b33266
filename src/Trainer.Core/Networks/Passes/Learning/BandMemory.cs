using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes.Learning;

/// <summary>A thread's memory for the rows that it works on, small enough to stay in its core's cache, and what it reads next.</summary>
internal sealed class BandMemory : IDisposable
{
    /// <summary>For a convolution's normalised input.</summary>
    public AlignedBuffer Input { get; } = new();

    /// <summary>For the gradients of a convolution's results before the norm.</summary>
    public AlignedBuffer Gradients { get; } = new();

    /// <summary>For what a convolution computes from them, until it goes to memory.</summary>
    public AlignedBuffer Result { get; } = new();

    public ReadAhead Ahead { get; } = new();

    public void Dispose()
    {
        Result.Dispose();
        Input.Dispose();
        Gradients.Dispose();
    }
}
