using Trainer.Core.Metrics;

namespace Trainer.Core.Gates;

/// <summary>Embeddings of N pictures, each brought to length 1.</summary>
public sealed class EmbeddingSet
{
    private readonly float[] values;

    /// <summary>Takes the values and normalises them in place.</summary>
    /// <param name="values">N · D, embedding after embedding.</param>
    /// <param name="size">D.</param>
    /// <exception cref="ArgumentException">The length is no multiple of D.</exception>
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

    /// <summary>N.</summary>
    public int Count => values.Length / Size;

    /// <summary>The unit embedding of picture i.</summary>
    public ReadOnlySpan<float> this[int i] => values.AsSpan(i * Size, Size);

    /// <summary>Those at the given places, in their order.</summary>
    public EmbeddingSet At(IReadOnlyCollection<int> places) => new([.. places.SelectMany(i => this[i].ToArray())], Size);

    /// <summary>Puts sets of the same size behind one another.</summary>
    public static EmbeddingSet Concat(IReadOnlyCollection<EmbeddingSet> sets, int size) => new([.. sets.SelectMany(s => s.values)], size);
}
