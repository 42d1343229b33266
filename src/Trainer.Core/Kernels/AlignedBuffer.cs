using System.Runtime.InteropServices;

namespace Trainer.Core.Kernels;

/// <summary>
/// Floats outside the managed heap, aligned to 64 bytes as 512-bit loads need. Growing the buffer leaves its contents undefined.
/// </summary>
/// <remarks>
/// On Linux, large buffers lie in pages of 2 MB where the system has them. A training step reads and writes a gigabyte, and with pages of
/// 4 KB it spends a twelfth of its time on finding them.
/// </remarks>
internal sealed unsafe partial class AlignedBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private const nuint LargePage = 2 * 1024 * 1024;
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
            first = Allocate((nuint)(count + Slack) * sizeof(float));
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

    private static float* Allocate(nuint bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < LargePage)
        {
            return (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        }

        const int UseLargePages = 14; // MADV_HUGEPAGE of mman.h
        var pages = (bytes + LargePage - 1) / LargePage * LargePage;
        var address = NativeMemory.AlignedAlloc(pages, LargePage);
        _ = Advise(address, pages, UseLargePages); // a system without them refuses, and keeps its small pages
        return (float*)address;
    }

    private void Free()
    {
        NativeMemory.AlignedFree(first);
        first = null;
        capacity = 0;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint bytes, int advice);
}
