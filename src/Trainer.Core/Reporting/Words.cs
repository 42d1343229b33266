using System.Globalization;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;

namespace Trainer.Core.Reporting;

/// <summary>Puts figures and sets into words for people who don't know statistics.</summary>
internal static class Words
{
    /// <summary>Name of the set of the run's own photos of the subject.</summary>
    public const string Normal = "normal";

    /// <summary>Name of the set of ordinary photos.</summary>
    public const string Coco = "coco";

    /// <summary>What the pictures of a set show.</summary>
    public static string Of(string set) => set switch
    {
        Normal => "photos of the subject",
        Coco => "ordinary photos",
        _ => set,
    };

    /// <summary>A share in everyday words: "31 of 100", "none of 94", "all 41".</summary>
    public static string Share(int count, int total) => (count, (int)Math.Round(100.0 * count / total)) switch
    {
        _ when total == 1 => Number($"{count} of 1"),
        (0, _) => Number($"none of {total}"),
        _ when count == total => Number($"all {total}"),
        (_, 0) => "fewer than 1 of 100",
        (_, 100) => "more than 99 of 100",
        var (_, percent) => Number($"{percent} of 100"),
    };

    /// <summary>"between 83 and 99 of 100".</summary>
    /// <param name="bounds">Low and high, 0 to 1.</param>
    public static string Between(double[] bounds)
    {
        var (low, high) = Hundredths.Around(bounds[0], bounds[1]);
        return Number($"between {low} and {high} of 100");
    }

    /// <summary>How many of the set the gate accepts.</summary>
    public static int Accepted(SetResult set, float threshold) => set.Cosines.Count(cosine => cosine >= threshold);

    /// <summary>A figure with three decimals; a dash if there is none.</summary>
    public static string Figure(double value) => double.IsFinite(value) ? value.ToString("f3", CultureInfo.InvariantCulture) : "–";

    /// <summary>A share in percent, with one decimal if it is small.</summary>
    public static string Percent(double share) =>
        !double.IsFinite(share) ? "–" : share is > 0 and < 0.0995 ? Number($"{100 * share:0.#} %") : Number($"{100 * share:0} %");

    /// <summary>"2 min 40 s".</summary>
    public static string Time(double seconds) => seconds < 60 ? Number($"{seconds:f0} s")
        : seconds < 3600 ? Number($"{Math.Floor(seconds / 60):f0} min {Math.Floor(seconds % 60):f0} s")
        : Number($"{Math.Floor(seconds / 3600):f0} h {Math.Floor(seconds % 3600 / 60):f0} min");

    /// <summary>A relative path as it is; of an absolute path only the last part, because the rest describes the user's machine.</summary>
    public static string Path(string path)
    {
        var names = path.Split('/', '\\').Where(name => name.Length > 0).ToArray();
        return !System.IO.Path.IsPathRooted(path) && !path.StartsWith('~') || names.Length < 2 ? path : $"…/{names[^1]}";
    }

    private static string Number(FormattableString text) => FormattableString.Invariant(text);
}
