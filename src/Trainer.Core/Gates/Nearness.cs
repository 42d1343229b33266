using Trainer.Core.Metrics;

namespace Trainer.Core.Gates;

/// <summary>Where a cosine lies among those of the calibration photos, each judged by a gate that didn't know it: what tells a person more than the cosine.</summary>
/// <remarks>A table instead of all photos, so that the run, its gate.json and every exported file say the same.</remarks>
public sealed class Nearness
{
    /// <summary>Numbers in the table: the least cosine, the greatest, and 99 between them.</summary>
    public const int TableSize = 101;

    private const int Fewest = 20; // one of fewer is more than 5 of 100

    private Nearness(float[] table) => Table = table;

    /// <summary>Cosines that 0, 1, … 100 of 100 photos lie below, rising.</summary>
    public IReadOnlyList<float> Table { get; }

    /// <summary>Null where there are too few photos to place anything among them.</summary>
    public static Nearness? Among(IEnumerable<float> cosines) => cosines.Order().ToArray() is { Length: >= Fewest } sorted
        ? new([.. Enumerable.Range(0, TableSize).Select(i => (float)Distribution.Quantile(sorted, i / (TableSize - 1.0)))])
        : null;

    /// <summary>As it was saved.</summary>
    /// <returns>Null where that is no table.</returns>
    internal static Nearness? OfTable(float[] table) =>
        table.Length == TableSize && table.All(float.IsFinite) && table.Zip(table.Skip(1)).All(pair => pair.First <= pair.Second) ? new(table) : null;

    /// <summary>Share of the photos that lie farther from the subject: 0 for as far as the farthest, 1 for closer than the closest.</summary>
    /// <returns>0 to 1, on half a hundredth.</returns>
    public double Share(float cosine) => Table.Count(known => known < cosine) / (double)TableSize;

    /// <summary>"closer than 12 of 100": of the calibration photos.</summary>
    /// <param name="share">As <see cref="Share"/> has it.</param>
    public static string Say(double share) => share switch
    {
        0 => "farther than all",
        1 => "closer than all",
        _ => FormattableString.Invariant($"closer than {Math.Clamp((int)Math.Round(100 * share), 1, 99)} of 100"),
    };
}
