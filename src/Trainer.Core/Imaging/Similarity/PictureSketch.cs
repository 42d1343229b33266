namespace Trainer.Core.Imaging.Similarity;

/// <summary>Whether and how one picture is a copy of another.</summary>
internal enum CopyKind
{
    /// <summary>It isn't a copy.</summary>
    None,

    /// <summary>The same picture, except for size and compression.</summary>
    Plain,

    /// <summary>The mirror image (left to right), except for size and compression.</summary>
    Mirrored,
}

/// <summary>Less than a kilobyte of data that recognises a picture after it was resized, compressed again or mirrored.</summary>
/// <param name="Hash">A hash that differs little from that of a copy, for a fast first comparison.</param>
/// <param name="MirroredHash">The hash of the mirrored picture.</param>
/// <param name="Small">The picture at 16x16, 16 · 16 · 3 bytes, by which the decision is made.</param>
internal sealed record PictureSketch(ulong Hash, ulong MirroredHash, byte[] Small)
{
    private const int Edge = 16;

    // Measured on 1,661 photos: by the hashes alone, 57 pairs of different photos count as copies. Of 3,328 copies (a quarter to twice the
    // size, quality 20 to 90, half of them mirrored) 99.8 % pass all three bounds, and no pair of different photos comes close.
    private const double MostDifference = 5; // copies have up to 4.6, one has 7.1; different photos have 6.8 or more

    // Copies have 0.981 or more, one has 0.965; different photos have up to 0.963. This bound tells apart pictures that are both nearly
    // plain.
    private const double LeastCorrelation = 0.97;

    /// <summary>Makes the sketch of a whole decoded picture.</summary>
    public static PictureSketch Of(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (plain, mirrored) = PerceptualHash.Both(image);
        return new(plain, mirrored, Resampler.Resize(image, new CropBox(0, 0, image.Width, image.Height), Edge, Edge));
    }

    /// <summary>Whether the two pictures are copies of each other, and of which kind.</summary>
    public CopyKind Compare(PictureSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return PerceptualHash.Distance(Hash, other.Hash) <= PerceptualHash.NearBits && LooksLike(other, mirrored: false) ? CopyKind.Plain
            : PerceptualHash.Distance(MirroredHash, other.Hash) <= PerceptualHash.NearBits && LooksLike(other, mirrored: true)
                ? CopyKind.Mirrored
            : CopyKind.None;
    }

    private bool LooksLike(PictureSketch other, bool mirrored)
    {
        double sumA = 0, sumB = 0, squaresA = 0, squaresB = 0, products = 0, difference = 0;
        for (var i = 0; i < Small.Length; i++)
        {
            double a = Small[i], b = other.Small[mirrored ? Mirror(i) : i];
            sumA += a;
            sumB += b;
            squaresA += a * a;
            squaresB += b * b;
            products += a * b;
            difference += Math.Abs(a - b);
        }

        var (meanA, meanB, count) = (sumA / Small.Length, sumB / Small.Length, Small.Length);
        var spread = Math.Sqrt(((squaresA / count) - (meanA * meanA)) * ((squaresB / count) - (meanB * meanB)));
        return difference / count <= MostDifference && (products / count) - (meanA * meanB) >= LeastCorrelation * spread && spread > 0;
    }

    private static int Mirror(int index)
    {
        var (pixel, channel) = (index / 3, index % 3);
        return ((((pixel / Edge) + 1) * Edge) - 1 - (pixel % Edge)) * 3 + channel;
    }
}
