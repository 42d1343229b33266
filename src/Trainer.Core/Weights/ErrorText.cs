namespace Trainer.Core.Weights;

/// <summary>
/// Formats text from files for errors, so that a hostile name can neither flood the terminal nor send it control characters.
/// </summary>
internal static class ErrorText
{
    private const int LongestName = 80;

    /// <summary>The name, with control characters replaced, cut to 80 characters.</summary>
    public static string Name(string name)
    {
        var shown = name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName), "…");
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    /// <summary>The shape as PyTorch prints it: <c>[32, 3, 3, 3]</c>.</summary>
    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>The first few names, and how many more there are.</summary>
    public static string Names(IReadOnlyCollection<string> names)
    {
        var first = string.Join(", ", names.Take(5).Select(Name));
        return names.Count <= 5 ? first : $"{first} and {names.Count - 5} more";
    }
}
