using System.Globalization;

namespace Trainer.Core.Wording;

/// <summary>Says how many there are of a thing.</summary>
public static class Counted
{
    /// <summary>"1 picture", "2 pictures".</summary>
    /// <param name="thing">In the singular; its plural ends in s.</param>
    public static string Of(long count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
