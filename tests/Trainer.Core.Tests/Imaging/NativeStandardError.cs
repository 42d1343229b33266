using System.Runtime.InteropServices;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

/// <summary>Captures what native libraries write directly to stderr, until it is disposed. Works on Linux and macOS.</summary>
internal sealed class NativeStandardError : IDisposable
{
    private const int StandardError = 2;
    private readonly FileStream file;
    private readonly int before;

    public NativeStandardError(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File descriptors are POSIX's.");
        file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        before = dup(StandardError);
        _ = dup2((int)file.SafeFileHandle.DangerousGetHandle(), StandardError);
    }

    /// <summary>Restores stderr, and returns the captured text.</summary>
    public string Stop()
    {
        Restore();
        file.Position = 0;
        using var reader = new StreamReader(file, leaveOpen: true);
        return reader.ReadToEnd();
    }

    public void Dispose()
    {
        Restore();
        _ = close(before);
        file.Dispose();
    }

    private void Restore() => _ = dup2(before, StandardError);

#pragma warning disable SYSLIB1054, CA1806, CA5392, IDE1006 // three functions of the C library, under their own names
    [DllImport("libc")]
    private static extern int dup(int descriptor);

    [DllImport("libc")]
    private static extern int dup2(int from, int to);

    [DllImport("libc")]
    private static extern int close(int descriptor);
#pragma warning restore SYSLIB1054, CA1806, CA5392, IDE1006
}
