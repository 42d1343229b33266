using System.Globalization;
using Xunit;

namespace Trainer.Core.Tests;

/// <summary>How long tests that break things at random run: a moment normally, and as long as requested under scripts/torture.</summary>
public static class Torture
{
    private static readonly DateTime Begun = DateTime.UtcNow;

    /// <summary>Decides every random choice.</summary>
    public static ulong Seed { get; } = (ulong)Number("SEED", 1);

    /// <summary>False once the requested minutes are over.</summary>
    public static bool HasTime => (DateTime.UtcNow - Begun).TotalMinutes < Number("MINUTES", 60);

    /// <summary>
    /// Most time between a signal and the end, in addition to the current step; more if other tests keep the machine busy.
    /// </summary>
    public static TimeSpan MostToStop => TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("TORTURE_SEED") is null ? 10 : 2);

    /// <summary>How often to repeat something.</summary>
    /// <param name="what">KILLS, STOPS or FILES.</param>
    /// <param name="few">The number unless more is requested.</param>
    public static int Rounds(string what, int few) => Number(what, few);

    /// <summary>Reports to scripts/torture, and fails the test if there is a failure.</summary>
    public static void Report(string kind, int passed, IReadOnlyCollection<string> failures)
    {
        if (Environment.GetEnvironmentVariable("TORTURE_REPORT") is { } path)
        {
            File.AppendAllText(path, $"{kind}: {passed} passed, {failures.Count} failed\n");
        }

        Assert.Empty(failures);
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable("TORTURE_" + name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;
}
