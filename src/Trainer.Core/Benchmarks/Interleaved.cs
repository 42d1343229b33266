using System.Diagnostics;

namespace Trainer.Core.Benchmarks;

/// <summary>
/// Measures a short slice of each benchmark in turn, round by round. A disturbance of the machine affects all alike, so ratios stay valid.
/// </summary>
internal sealed class Interleaved(int rounds, TimeSpan slice)
{
    private const double Milliseconds = 1000;

    /// <summary>Runs all benchmarks in every round, after one round that isn't counted.</summary>
    /// <param name="done">Called with the number of slices done.</param>
    public IReadOnlyList<BenchmarkResult> Run(
        IReadOnlyList<Benchmark> benchmarks, IReadOnlyList<Share> shares, Action<int> done, CancellationToken cancel = default)
    {
        var rates = benchmarks.ToDictionary(benchmark => benchmark.Name, _ => new double[rounds]);
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < benchmarks.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var rate = Rate(benchmarks[i], round < 0 ? TimeSpan.Zero : slice);
                if (round >= 0)
                {
                    rates[benchmarks[i].Name][round] = rate;
                }

                done(((round + 1) * benchmarks.Count) + i + 1);
            }
        }

        return
        [
            .. benchmarks.Select(
                b => Result(b.Name, b.Unit, b.Unit == "ms" ? Array.ConvertAll(rates[b.Name], rate => Milliseconds / rate) : rates[b.Name])),
            .. shares.Select(s => Result(s.Name, $"of {s.Whole}", [.. rates[s.Part].Zip(rates[s.Whole], (part, whole) => part / whole)])),
        ];
    }

    /// <summary>Pictures per second over at least the given time.</summary>
    private static double Rate(Benchmark benchmark, TimeSpan atLeast)
    {
        benchmark.Prepare?.Invoke();
        var clock = Stopwatch.StartNew();
        var pictures = 0;
        do
        {
            pictures += benchmark.Work();
        }
        while (clock.Elapsed < atLeast);
        return pictures / clock.Elapsed.TotalSeconds;
    }

    private static BenchmarkResult Result(string name, string unit, double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return new(name, sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, unit, sorted[0], sorted[^1]);
    }
}
