using Trainer.Core.Randomness;

namespace Trainer.Core.Catalog;

/// <summary>Shows each normal once, and as many negatives, in any order: a pure function of (seed, epoch).</summary>
/// <param name="normals">Training normals; every epoch shows each once.</param>
/// <param name="negatives">The pool of training negatives; each epoch draws as many as there are normals, afresh.</param>
/// <param name="batch">Pictures in a step; what is left over at the end is dropped.</param>
internal sealed class EpochSampler(IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, int batch, ulong seed) : IEpochSampler
{
    /// <inheritdoc/>
    public int StepsInEpoch => Math.Max(EpochSize / batch, 1);

    /// <inheritdoc/>
    public int BatchSize => batch;

    /// <inheritdoc/>
    public bool DropsLast => EpochSize >= batch;

    /// <summary>Pictures an epoch shows.</summary>
    public int EpochSize => normals.Count + Math.Min(normals.Count, negatives.Count);

    /// <inheritdoc/>
    public LabelledImage[] Epoch(int epoch)
    {
        var random = new CounterRandom(seed, Purpose, (ulong)epoch);
        LabelledImage[] shown =
        [
            .. normals.Select(image => new LabelledImage(image, Labels.Normal)),
            .. Draw(ref random, negatives.Count, Math.Min(normals.Count, negatives.Count)).Select(i => new LabelledImage(negatives[i], Labels.Negative)),
        ];
        random.Shuffle(shown.AsSpan());
        return shown;
    }

    private const ulong Purpose = 0x45504F4348; // "EPOCH": keeps these numbers apart from the augmentation's

    /// <summary>Different indices below <paramref name="total"/>, every set equally likely, in memory of the draw alone (Floyd).</summary>
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
