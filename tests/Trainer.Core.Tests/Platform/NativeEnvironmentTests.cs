using System.Runtime.InteropServices;
using Xunit;

namespace Trainer.Core.Tests.Platform;

/// <summary>Tests the environment that native code sees through the C library.</summary>
public sealed partial class NativeEnvironmentTests
{
    [Theory]
    [InlineData("DNNL_MAX_CPU_ISA", "AVX2")]
    [InlineData("OMP_WAIT_POLICY", "passive")]
    [InlineData("GOMP_SPINCOUNT", "3000")]
    public void WhatTheUserSetStaysAndTheRestIsSet(string name, string value)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Set on Linux for x64.");

        Assert.Equal(Environment.GetEnvironmentVariable(name) ?? value, Marshal.PtrToStringUTF8(GetEnvironment(name)));
    }

    [Fact]
    public void TelemetryIsOffWhateverTheUserSet()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There it is a call.");

        Assert.Equal("1", Marshal.PtrToStringUTF8(GetEnvironment("ORT_DISABLE_TELEMETRY")));
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnvironment(string name);
}
