using System.Globalization;
using Trainer.Core.Benchmarks;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>Measured figures as a table.</summary>
internal static class BenchmarkTable
{
    public static void Print(IReadOnlyList<BenchmarkResult> results, int threads, int batch, int size)
    {
        var width = results.Max(result => result.Name.Length);
        Screen.Line($"[bold]{"".PadRight(width)}    median      low     high[/]   {Counted.Of(threads, "thread")}, batch {batch}, {size}x{size}; decode, cache and augment on one");
        foreach (var result in results)
        {
            Screen.Line($"{result.Name.PadRight(width)}  {Number(result.Value)} {Number(result.Low)} {Number(result.High)}   {result.Unit}");
        }
    }

    private static string Number(double value) => value.ToString(value < 10 ? "f2" : "f0", CultureInfo.InvariantCulture).PadLeft(8);
}
