using Trainer.Core.Randomness;

namespace Trainer.Core.Catalog;

/// <summary>Shows each normal once and the same number of negatives, in random order: a pure function of (seed, epoch).</summary>
/// <param name="normals">Training normals; every epoch shows each once.</param>
/// <param name="negatives">The pool of training negatives; each epoch draws a new random set, as many as there are normals.</param>
/// <param name="batch">Pictures in a step; pictures that don't fill the last step are dropped.</param>
internal sealed class EpochSampler(IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, int batch, ulong seed)
    : IEpochSampler
{
    /// <inheritdoc/>
    public int StepsInEpoch => Math.Max(EpochSize / batch, 1);

    /// <inheritdoc/>
    public int BatchSize => batch;

    /// <inheritdoc/>
    public bool DropsLast => EpochSize >= batch;

    /// <summary>How many pictures an epoch shows.</summary>
    public int EpochSize => normals.Count + Math.Min(normals.Count, negatives.Count);

    /// <inheritdoc/>
    public LabelledImage[] Epoch(int epoch)
    {
        var random = new CounterRandom(seed, Purpose, (ulong)epoch);
        LabelledImage[] shown =
        [
            .. normals.Select(image => new LabelledImage(image, Labels.Normal)),
            .. Draw(ref random, negatives.Count, Math.Min(normals.Count, negatives.Count))
            .Select(i => new LabelledImage(negatives[i], Labels.Negative)),
        ];
        random.Shuffle(shown.AsSpan());
        return shown;
    }

    private const ulong Purpose = 0x45504F4348; // "EPOCH": makes these random numbers independent of the augmentation's

    /// <summary>
    /// Different indices below <paramref name="total"/>; every set is equally likely. The memory grows with the number drawn, not with the
    /// total (Floyd's algorithm).
    /// </summary>
    private static HashSet<int> Draw(ref CounterRandom random, int total, int count)
    {
        var drawn = new HashSet<int>(count);
        for (var i = total - count; i < total; i++)
        {
            var candidate = random.Next(i + 1);
            drawn.Add(drawn.Contains(candidate) ? i : candidate);
        }

        return drawn;
    }
}
