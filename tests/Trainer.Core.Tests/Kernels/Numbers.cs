using Trainer.Core.Kernels;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

/// <summary>Random numbers for kernels, drawn from a seed, in memory that kernels can use.</summary>
internal sealed unsafe class Numbers : IDisposable
{
    private const double Tolerance = 2e-5;

    private readonly AlignedBuffer row = new();
    private readonly int count;

    /// <param name="low">Lower bound of the numbers.</param>
    public Numbers(int count, ulong seed, double low = -1, double high = 1)
    {
        this.count = count;
        var random = new CounterRandom(seed);
        First = row.For(count);
        for (var i = 0; i < count; i++)
        {
            First[i] = (float)(low + ((high - low) * random.NextDouble()));
        }
    }

    public float* First { get; }

    public float this[int i] => First[i];

    public float[] Copy() => new Span<float>(First, count).ToArray();

    /// <summary>Checks that all equal those of a slow, obvious version, up to rounding.</summary>
    public void AreCloseTo(Func<int, double> slow)
    {
        for (var i = 0; i < count; i++)
        {
            var expected = slow(i);
            Assert.InRange(First[i], expected - (Tolerance * (1 + Math.Abs(expected))), expected + (Tolerance * (1 + Math.Abs(expected))));
        }
    }

    public void Dispose() => row.Dispose();
}
