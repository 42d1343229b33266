using TorchSharp;
using Trainer.Core.Tests;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(TestAssembly))]
[assembly: Parallelization(Mode = ParallelMode.None)] // libtorch's threads and the decoders' share the cores

namespace Trainer.Core.Tests;

/// <summary>What holds for all tests: libtorch set up before its first use, two threads, so that figures repeat.</summary>
public sealed class TestAssembly
{
    public TestAssembly()
    {
        _ = TorchRuntime.Prepare("cpu", threads: 2);
        torch.manual_seed(1);
    }
}
