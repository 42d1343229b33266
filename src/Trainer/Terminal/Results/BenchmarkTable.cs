using System.Globalization;
using Trainer.Core.Benchmarks;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>Measured figures as a table.</summary>
internal static class BenchmarkTable
{
    public static void Print(IReadOnlyList<BenchmarkResult> results, int threads, int batch, int size)
    {
        Screen.Line($"{Counted.Of(threads, "thread")}, batch {batch}, {size}x{size}; decode, cache and augment on one");
        var table = new ResultTable("", ">median", ">low", ">high", "");
        foreach (var result in results)
        {
            table.Add(result.Name, Number(result.Value), Number(result.Low), Number(result.High), result.Unit);
        }

        table.Print();
    }

    private static string Number(double value) => value.ToString(value < 10 ? "f2" : "f0", CultureInfo.InvariantCulture);
}
