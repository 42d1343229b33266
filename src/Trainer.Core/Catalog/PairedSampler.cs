using Trainer.Core.Randomness;

namespace Trainer.Core.Catalog;

/// <summary>
/// Makes steps in which each normal appears twice in a row, with as many negatives as normals: a pure function of (seed, epoch).
/// </summary>
/// <param name="normals">Training normals; every epoch shows each of them in one step, except the last few that don't fill a step.</param>
/// <param name="negatives">Training negatives; each step draws new random ones.</param>
/// <param name="labelOf">The class of a photo.</param>
/// <param name="batch">Pictures in a step, at least 3: two thirds are normals, each shown twice, and one third are negatives.</param>
internal sealed class PairedSampler(
    IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, Func<ImageEntry, int> labelOf, int batch, ulong seed)
    : IEpochSampler
{
    private const ulong Purpose = 0x50414952; // "PAIR": makes these random numbers independent of all others

    private int NormalsInStep => Math.Min(Math.Max(batch / 3, 1), normals.Count);

    /// <inheritdoc/>
    public int StepsInEpoch => Math.Max(normals.Count / NormalsInStep, 1);

    /// <inheritdoc/>
    public int BatchSize => NormalsInStep * (negatives.Count > 0 ? 3 : 2);

    /// <inheritdoc/>
    public bool DropsLast => true;

    /// <summary>All negatives that the first epochs show, in the order in which they first appear.</summary>
    public IReadOnlyList<ImageEntry> NegativesIn(int epochs) =>
        [.. Enumerable.Range(0, epochs).SelectMany(epoch => Steps(epoch).SelectMany(step => step.Negatives)).Distinct()];

    /// <inheritdoc/>
    public LabelledImage[] Epoch(int epoch) =>
    [
        .. Steps(epoch).SelectMany(step => step.Normals.SelectMany(image => new[] { image, image }).Concat(step.Negatives))
            .Select(image => new LabelledImage(image, labelOf(image))),
    ];

    private IEnumerable<(ImageEntry[] Normals, ImageEntry[] Negatives)> Steps(int epoch)
    {
        var random = new CounterRandom(seed, Purpose, (ulong)epoch);
        var order = normals.ToArray();
        random.Shuffle(order.AsSpan());
        for (var step = 0; step < StepsInEpoch; step++)
        {
            var drawn = new ImageEntry[negatives.Count > 0 ? NormalsInStep : 0];
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = negatives[random.Next(negatives.Count)];
            }

            yield return (order[(step * NormalsInStep)..((step + 1) * NormalsInStep)], drawn);
        }
    }
}
