using Trainer.Core.Metrics;

namespace Trainer.Core.Gates;

/// <summary>Embeddings of N pictures, each scaled to length 1.</summary>
public sealed class EmbeddingSet
{
    private readonly float[] values;

    /// <summary>Keeps the array, and normalises the embeddings in place.</summary>
    /// <param name="values">N · D values, one embedding after the other.</param>
    /// <param name="size">D.</param>
    /// <exception cref="ArgumentException">The length isn't a multiple of D.</exception>
    public EmbeddingSet(float[] values, int size)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (size < 1 || values.Length % size != 0)
        {
            throw new ArgumentException($"{values.Length} values are no embeddings of {size}.");
        }

        this.values = values;
        Size = size;
        for (var i = 0; i < Count; i++)
        {
            Cosine.Normalise(values.AsSpan(i * size, size));
        }
    }

    /// <summary>D, the length of an embedding.</summary>
    public int Size { get; }

    /// <summary>N, the number of embeddings.</summary>
    public int Count => values.Length / Size;

    /// <summary>The unit embedding of picture i.</summary>
    public ReadOnlySpan<float> this[int i] => values.AsSpan(i * Size, Size);

    /// <summary>The embeddings at the given indices, in the order of the indices.</summary>
    public EmbeddingSet At(IReadOnlyCollection<int> places) => new([.. places.SelectMany(i => this[i].ToArray())], Size);

    /// <summary>Joins sets of embeddings of the same size.</summary>
    public static EmbeddingSet Concat(IReadOnlyCollection<EmbeddingSet> sets, int size) => new([.. sets.SelectMany(s => s.values)], size);
}
