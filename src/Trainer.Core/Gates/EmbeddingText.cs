using System.Globalization;
using System.Text.RegularExpressions;

namespace Trainer.Core.Gates;

/// <summary>
/// The format of embedding.txt: one value per line, as numpy.savetxt writes it ("%.18e"), so that numpy.loadtxt can read it.
/// </summary>
internal static partial class EmbeddingText
{
    /// <summary>The file's content, with LF line ends and a newline at the end.</summary>
    public static string Format(ReadOnlySpan<float> values)
    {
        var lines = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // In .NET an exponent has at least three digits, in C at least two.
            lines[i] = ThreeDigits().Replace(((double)values[i]).ToString("e18", CultureInfo.InvariantCulture), "e$1$2\n");
        }

        return string.Concat(lines);
    }

    /// <summary>Reads text that <see cref="Format"/> or numpy wrote.</summary>
    /// <exception cref="TrainerException">A line isn't a number.</exception>
    public static float[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select((line, i) =>
            float.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new TrainerException(
                    $"Line {i + 1} of the embedding isn't a number: '{(line.Length > 40 ? line[..40] : line)}'."))];
    }

    [GeneratedRegex(@"e([+-])0?(\d\d+)$")]
    private static partial Regex ThreeDigits();
}
