using System.Globalization;

namespace Trainer.Core.Runs.Options;

/// <summary>How often a run saves its state between validations.</summary>
/// <param name="Steps">Steps from one to the next; 0 when it goes by time.</param>
/// <param name="Time">Time from one to the next; zero when it goes by steps.</param>
internal readonly record struct CheckpointInterval(int Steps, TimeSpan Time)
{
    /// <summary>Reads "200" (steps), "90s" or "5m"; "0" means at validations only.</summary>
    /// <returns>Null for any other text.</returns>
    public static CheckpointInterval? Parse(string? text) => text switch
    {
        [.. var minutes, 'm'] when Number(minutes) is { } count => new(0, TimeSpan.FromMinutes(count)),
        [.. var seconds, 's'] when Number(seconds) is { } count => new(0, TimeSpan.FromSeconds(count)),
        not null when Number(text) is { } steps => new(steps, TimeSpan.Zero),
        _ => null,
    };

    /// <summary>True when so much has passed since the last save.</summary>
    public bool IsDue(int steps, TimeSpan time) => (Steps > 0 && steps >= Steps) || (Time > TimeSpan.Zero && time >= Time);

    private static int? Number(string digits) =>
        digits.Length is > 0 and < 8 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
