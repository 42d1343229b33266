namespace Trainer.Core.Gates;

/// <summary>Ranks a cosine among those of the subject's photos, which means more to people than the cosine itself.</summary>
/// <remarks>The cosine of each photo is that of a gate that was computed without it.</remarks>
public sealed class Nearness
{
    private const int Fewest = 20; // with fewer photos, each one stands for more than 5 of 100

    private readonly float[] sorted;

    private Nearness(float[] sorted) => this.sorted = sorted;

    /// <summary>Makes the ranking; null when there are too few photos for one.</summary>
    public static Nearness? Among(IEnumerable<float> cosines) => cosines.Order().ToArray() is { Length: >= Fewest } sorted ? new(sorted) : null;

    /// <summary>The share of the subject's photos that are farther from the subject than this cosine.</summary>
    /// <returns>0 to 1.</returns>
    public double Share(float cosine)
    {
        var at = Array.BinarySearch(sorted, cosine);
        while (at > 0 && sorted[at - 1] == cosine)
        {
            at--;
        }

        return (double)(at < 0 ? ~at : at) / sorted.Length;
    }

    /// <summary>The rank in words: "closer than 12 of 100" of the subject's photos.</summary>
    public string Say(float cosine) => (Share(cosine), (int)Math.Round(100 * Share(cosine))) switch
    {
        (0, _) => "farther than all",
        (_, 0) => "closer than 1 of 100",
        (1, _) => "closer than all",
        (_, var closer) => FormattableString.Invariant($"closer than {Math.Min(closer, 99)} of 100"),
    };
}
