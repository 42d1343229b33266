using System.Globalization;

namespace Trainer.Core.Wording;

/// <summary>Writes a count and its noun, in the singular or the plural.</summary>
public static class Counted
{
    /// <summary>"1 picture", "2 pictures".</summary>
    /// <param name="thing">The noun in the singular; its plural is formed by adding s.</param>
    public static string Of(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
