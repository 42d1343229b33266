namespace Trainer.Core.Wording;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
public static class NearName
{
    private const int MostChanges = 3;

    /// <summary>
    /// The known name with the fewest different letters, or null when none is close. Case and leading dashes are ignored.
    /// </summary>
    public static string? Of(string given, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(given);
        var word = given.TrimStart('-');
        var near = known.MinBy(name => Distance(name.TrimStart('-'), word));
        return near is not null && Distance(near.TrimStart('-'), word) <= Math.Clamp((word.Length + 1) / 2, 1, MostChanges) ? near : null;
    }

    /// <summary>A question to append to an error, with a leading space: " Did you mean '--epochs'?" Empty when no name is close.</summary>
    public static string Question(string given, IEnumerable<string> known) =>
        Of(given, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>How many letters must be added, dropped or changed to turn one word into the other (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
