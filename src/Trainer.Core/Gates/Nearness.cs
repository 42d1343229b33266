namespace Trainer.Core.Gates;

/// <summary>Where a cosine lies among those of the subject's own photos, each judged by a gate that didn't know it: what tells a person more than the cosine.</summary>
public sealed class Nearness
{
    private const int Fewest = 20; // one of fewer is more than 5 of 100

    private readonly float[] sorted;

    private Nearness(float[] sorted) => this.sorted = sorted;

    /// <summary>Null where there are too few photos to place anything among them.</summary>
    public static Nearness? Among(IEnumerable<float> cosines) => cosines.Order().ToArray() is { Length: >= Fewest } sorted ? new(sorted) : null;

    /// <summary>Share of the subject's photos that lie farther from it.</summary>
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

    /// <summary>"closer than 12 of 100": of the subject's photos.</summary>
    public string Say(float cosine) => (Share(cosine), (int)Math.Round(100 * Share(cosine))) switch
    {
        (0, _) => "farther than all",
        (_, 0) => "closer than 1 of 100",
        (1, _) => "closer than all",
        (_, var closer) => FormattableString.Invariant($"closer than {Math.Min(closer, 99)} of 100"),
    };
}
