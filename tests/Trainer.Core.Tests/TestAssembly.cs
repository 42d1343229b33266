using TorchSharp;
using Trainer.Core.Platform;
using Trainer.Core.Tests;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(TestAssembly))]
[assembly: Parallelization(Mode = ParallelMode.None)] // libtorch's threads and the decoders' share the cores

namespace Trainer.Core.Tests;

/// <summary>The setup for all tests: prepares libtorch before its first use, with two threads, so that figures are reproducible.</summary>
public sealed class TestAssembly : IDisposable
{
    private readonly TemporaryFolder cache = new();

    public TestAssembly()
    {
        Environment.SetEnvironmentVariable(UserCache.Variable, cache.PathOf("cache")); // the user's own cache isn't used
        _ = TorchRuntime.Prepare("cpu", threads: 2, _ => { });
        torch.manual_seed(1);
    }

    public void Dispose() => cache.Dispose();
}
