using System.Runtime.InteropServices;

namespace Trainer.Core.Kernels;

/// <summary>
/// Floats outside the managed heap, aligned to 64 bytes as 512-bit loads need. Growing the buffer leaves its contents undefined.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;
    private const int Slack = 64; // floats past the end that vector loads may read but never use

    private float* first;
    private long capacity;

    ~AlignedBuffer() => Free();

    /// <summary>The address of the first float, after growing the buffer to at least this many.</summary>
    public float* For(long count)
    {
        if (count > capacity)
        {
            Free();
            first = (float*)NativeMemory.AlignedAlloc((nuint)(count + Slack) * sizeof(float), Alignment);
            new Span<float>(first + count, Slack).Clear();
            capacity = count;
        }

        return first;
    }

    /// <summary>The address that <see cref="For"/> returned last.</summary>
    public float* First => first;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(first);
        first = null;
        capacity = 0;
    }
}
