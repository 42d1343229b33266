namespace Trainer.Core.Benchmarks;

/// <summary>Work that can be repeated and counted.</summary>
/// <param name="Name">What is measured, in the words of docs/performance.md.</param>
/// <param name="Unit">"images/s", or "ms" for the time that one picture takes.</param>
/// <param name="Work">Does some of it; returns how many pictures that were.</param>
/// <param name="Prepare">Brings it back to a steady state after others had the machine; not timed.</param>
internal sealed record Benchmark(string Name, string Unit, Func<int> Work, Action? Prepare = null);

/// <summary>A measured figure.</summary>
/// <param name="Value">Median over the rounds.</param>
/// <param name="Low">The round with the least.</param>
/// <param name="High">The round with the most.</param>
public sealed record BenchmarkResult(string Name, double Value, string Unit, double Low, double High);

/// <summary>One benchmark's rate as a share of another's, in the same rounds.</summary>
internal sealed record Share(string Name, string Part, string Whole);
