using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Runs;

namespace Trainer.Core.Training;

/// <summary>Which training pictures show only a piece, and on what: half of them on plain ground, half on a negative.</summary>
/// <remarks>A pure function of (seed, epoch, position), as all that training shows.</remarks>
internal sealed class CutOuts(IReadOnlyList<ImageEntry> negatives, TrainingOptions options, CachedReader reader)
{
    private const double OnPictures = 0.5;
    private const ulong Purpose = 0x4355544F; // "CUTO"

    /// <summary>True for a negative of which <see cref="Apply"/> leaves only a piece: a strip of it in the subject's colours could be either.</summary>
    public bool KeepsColours(int label, int epoch, int position) => label != Labels.Normal && Random(epoch, position).NextDouble() < options.CutOuts;

    /// <summary>The pixels, or a piece of them on its ground; may change them in place.</summary>
    public byte[] Apply(byte[] pixels, int edge, int epoch, int position)
    {
        var random = Random(epoch, position);
        if (random.NextDouble() < options.CutOuts)
        {
            var ground = negatives.Count > 0 && random.NextDouble() < OnPictures ? Picture(edge, ref random) : [];
            CutOut.Apply(pixels, edge, random, ground);
        }

        return pixels;
    }

    private CounterRandom Random(int epoch, int position) => new((ulong)options.Seed, Purpose, (ulong)epoch, (ulong)position);

    private byte[] Picture(int edge, ref CounterRandom random)
    {
        try
        {
            var picture = reader.Read(negatives[random.Next(negatives.Count)], options.Preprocessing().TrainingShorterSide);
            return Augmentation.ToInput(picture, options.Augmentation, random, edge, leastArea: options.LeastArea);
        }
        catch (UndecodableImageException)
        {
            return []; // told when it's its own turn; plain ground instead
        }
    }
}
