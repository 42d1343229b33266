using Trainer.Core.Platform;
using Xunit;

namespace Trainer.Core.Tests.Platform;

public sealed class ProcessorTests
{
    [Fact]
    public void NameFamilyAndModelAreThoseThatLinuxTells()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && System.Runtime.Intrinsics.X86.X86Base.IsSupported, "Read from Linux's /proc/cpuinfo, on x86.");
        var lines = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());

        Assert.Equal($"{lines["model name"]}, family {lines["cpu family"]}, model {lines["model"]}", Processor.Name);
    }
}
