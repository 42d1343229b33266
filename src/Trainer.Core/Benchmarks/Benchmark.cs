namespace Trainer.Core.Benchmarks;

/// <summary>Work that can be repeated and counted.</summary>
/// <param name="Name">What is measured, in the words of docs/performance.md.</param>
/// <param name="Unit">"images/s", or "ms" for the time that one picture takes.</param>
/// <param name="Work">Does some work, and returns the number of pictures.</param>
/// <param name="Prepare">Restores a steady state after other benchmarks have run; not timed.</param>
internal sealed record Benchmark(string Name, string Unit, Func<int> Work, Action? Prepare = null);

/// <summary>A measured figure.</summary>
/// <param name="Value">Median over the rounds.</param>
/// <param name="Low">The lowest value of any round.</param>
/// <param name="High">The highest value of any round.</param>
public sealed record BenchmarkResult(string Name, double Value, string Unit, double Low, double High);

/// <summary>One benchmark's rate as a share of another's, in the same rounds.</summary>
internal sealed record Share(string Name, string Part, string Whole);
