namespace Trainer.Core.Catalog;

/// <summary>A part of a list, at even distances: a choice that keeps the proportions of what the list holds in a row.</summary>
internal static class EvenChoice
{
    /// <summary>At most so many of the items, in their order; all where there are no more.</summary>
    /// <param name="most">At least 1.</param>
    public static T[] Of<T>(IReadOnlyList<T> items, int most)
    {
        var count = Math.Min(most, items.Count);
        return [.. Enumerable.Range(0, count).Select(i => items[(int)((long)i * items.Count / count)])];
    }

    /// <summary>The same, with the first item and the last among them.</summary>
    /// <param name="most">At least 2.</param>
    public static T[] WithEnds<T>(IReadOnlyList<T> items, int most) => items.Count <= most
        ? [.. items]
        : [.. Enumerable.Range(0, most).Select(i => items[(int)((long)i * (items.Count - 1) / (most - 1))])];
}
