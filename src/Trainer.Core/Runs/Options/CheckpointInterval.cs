using System.Globalization;

namespace Trainer.Core.Runs.Options;

/// <summary>How often a run saves its state between validations.</summary>
/// <param name="Steps">Steps between saves; 0 if the interval is a time.</param>
/// <param name="Time">Time between saves; zero if the interval is a number of steps.</param>
internal readonly record struct CheckpointInterval(int Steps, TimeSpan Time)
{
    /// <summary>Reads "200" (steps), "90s" or "5m"; "0" means to save at validations only.</summary>
    /// <returns>Null for any other text.</returns>
    public static CheckpointInterval? Parse(string? text) => text switch
    {
        [.. var minutes, 'm'] when Number(minutes) is { } count => new(0, TimeSpan.FromMinutes(count)),
        [.. var seconds, 's'] when Number(seconds) is { } count => new(0, TimeSpan.FromSeconds(count)),
        not null when Number(text) is { } steps => new(steps, TimeSpan.Zero),
        _ => null,
    };

    /// <summary>True when a save is due this long after the last one.</summary>
    public bool IsDue(int steps, TimeSpan time) => (Steps > 0 && steps >= Steps) || (Time > TimeSpan.Zero && time >= Time);

    private static int? Number(string digits) =>
        digits.Length is > 0 and < 8 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : null;
}
