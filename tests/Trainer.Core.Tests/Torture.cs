using System.Globalization;
using Xunit;

namespace Trainer.Core.Tests;

/// <summary>How long tests go on that break things at random: a moment here, as long as is asked for under scripts/torture.</summary>
public static class Torture
{
    private static readonly DateTime Begun = DateTime.UtcNow;

    /// <summary>Decides every random choice.</summary>
    public static ulong Seed { get; } = (ulong)Number("SEED", 1);

    /// <summary>False once the minutes are over that were asked for.</summary>
    public static bool HasTime => (DateTime.UtcNow - Begun).TotalMinutes < Number("MINUTES", 60);

    /// <summary>Between a signal and the end, beside the step that is under way; more among other tests on a busy machine.</summary>
    public static TimeSpan MostToStop => TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("TORTURE_SEED") is null ? 10 : 2);

    /// <summary>How often to do it.</summary>
    /// <param name="what">KILLS, STOPS or FILES.</param>
    /// <param name="few">Unless asked for more.</param>
    public static int Rounds(string what, int few) => Number(what, few);

    /// <summary>Tells scripts/torture, and fails the test where there is a failure.</summary>
    public static void Report(string kind, int passed, IReadOnlyCollection<string> failures)
    {
        if (Environment.GetEnvironmentVariable("TORTURE_REPORT") is { } path)
        {
            File.AppendAllText(path, $"{kind}: {passed} passed, {failures.Count} failed\n");
        }

        Assert.Empty(failures);
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable("TORTURE_" + name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
