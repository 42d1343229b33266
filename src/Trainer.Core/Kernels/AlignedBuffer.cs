using System.Runtime.InteropServices;

namespace Trainer.Core.Kernels;

/// <summary>Numbers outside the managed heap, at an address that vectors like; grows when it is asked for more and is then undefined.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;
    private const int Slack = 64; // numbers that vectors may read, and never use, past the end

    private float* first;
    private long capacity;

    ~AlignedBuffer() => Free();

    /// <summary>The first of at least so many numbers.</summary>
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

    /// <summary>What <see cref="For"/> gave last.</summary>
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
