namespace Trainer.Core.Wording;

/// <summary>Finds what a mistyped name was meant to be.</summary>
public static class NearName
{
    private const int MostChanges = 3;

    /// <summary>The known name that differs least, or null when none is near. Case and leading dashes don't count.</summary>
    public static string? Of(string given, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(given);
        var word = given.TrimStart('-');
        var near = known.MinBy(name => Distance(name.TrimStart('-'), word));
        return near is not null && Distance(near.TrimStart('-'), word) <= Math.Clamp((word.Length + 1) / 2, 1, MostChanges) ? near : null;
    }

    /// <summary>A sentence for an error, with a space before it, or nothing: " Did you mean '--epochs'?"</summary>
    public static string Question(string given, IEnumerable<string> known) => Of(given, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>Letters to add, drop or change from one word to the other (Levenshtein 1966).</summary>
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
