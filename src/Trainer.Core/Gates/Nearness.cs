using Trainer.Core.Metrics;

namespace Trainer.Core.Gates;

/// <summary>Ranks a cosine among those of the calibration photos, which means more to people than the cosine itself.</summary>
/// <remarks>
/// Each photo was judged by a gate that was computed without it. The ranking is a table instead of all cosines, so that the run, its
/// gate.json and every exported file give the same rank.
/// </remarks>
public sealed class Nearness
{
    /// <summary>The length of the table: the lowest cosine, the highest, and 99 percentiles between them.</summary>
    public const int TableSize = 101;

    private const int Fewest = 20; // with fewer photos, each one stands for more than 5 of 100

    private Nearness(float[] table) => Table = table;

    /// <summary>The cosines below which 0, 1, …, 100 of 100 photos lie, in ascending order.</summary>
    public IReadOnlyList<float> Table { get; }

    /// <summary>Makes the ranking from the photos' cosines; null when there are too few photos.</summary>
    public static Nearness? Among(IEnumerable<float> cosines) => cosines.Order().ToArray() is { Length: >= Fewest } sorted
        ? new([.. Enumerable.Range(0, TableSize).Select(i => (float)Distribution.Quantile(sorted, i / (TableSize - 1.0)))])
        : null;

    /// <summary>Restores a saved ranking.</summary>
    /// <returns>The ranking; null when the values aren't a valid table.</returns>
    internal static Nearness? OfTable(float[] table) =>
        table.Length == TableSize && table.All(float.IsFinite) && table.Zip(table.Skip(1)).All(pair => pair.First <= pair.Second)
            ? new(table) : null;

    /// <summary>
    /// The share of the photos that are farther from the subject: 0 for as far as the farthest, 1 for closer than the closest.
    /// </summary>
    /// <returns>0 to 1, accurate to half a hundredth.</returns>
    public double Share(float cosine) => Table.Count(known => known < cosine) / (double)TableSize;

    /// <summary>The rank in words: "closer than 12 of 100" of the calibration photos.</summary>
    /// <param name="share">The result of <see cref="Share"/>.</param>
    public static string Say(double share) => share switch
    {
        0 => "farther than all",
        1 => "closer than all",
        _ => FormattableString.Invariant($"closer than {Math.Clamp((int)Math.Round(100 * share), 1, 99)} of 100"),
    };
}
