using System.Diagnostics;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class NnpackTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>NNPACK refuses a processor whose caches it can't find, and libtorch would print that for every convolution.</summary>
    [Fact]
    public void SaysNothingOnAProcessorThatItDoesntKnow()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc"), "Made by a C compiler, on Linux.");
        var source = folder.Write(
            "caches.c",
            "const void* cpuinfo_get_l1d_cache(unsigned i) { return 0; } const void* cpuinfo_get_l2_cache(unsigned i) { return 0; }"u8);
        var library = folder.PathOf("caches.so");
        using (var compiler = Process.Start("/usr/bin/cc", ["-shared", "-fPIC", "-o", library, source]))
        {
            compiler.WaitForExit();
        }

        var copy = folder.PathOf("run");
        run.CopyTo(copy);
        var outcome = TrainerProcess.Run(
            run.Work, ["export", "--run", copy, "--coreml", "--precision", "fp32", "--threads", "2"], ("LD_PRELOAD", library));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
    }
}
