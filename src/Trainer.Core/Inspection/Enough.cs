using Trainer.Core.Catalog;
using Trainer.Core.Fitting;
using Trainer.Core.Metrics;

namespace Trainer.Core.Inspection;

/// <summary>Calculates what can be promised with a number of pictures, by exact binomial bounds rather than rules of thumb.</summary>
public static class Enough
{
    private static readonly double[] Below = [0.05, 0.03, 0.02];

    /// <summary>Calculates what can be promised.</summary>
    /// <param name="accept">Share of the subject's photos that the threshold should accept; above 0, at most 1.</param>
    /// <param name="normals">Number of different normals in the folder that training reads.</param>
    /// <param name="validNormals">
    /// Number of different normals in a separate folder for calibration and test; null where both are split off from the first.
    /// </param>
    /// <param name="validNegatives">The same for negatives.</param>
    public static EnoughPictures Judge(double accept, int normals, int? validNormals, int negatives, int? validNegatives)
    {
        var calibration = Math.Min(validNormals is { } own ? (own + 1) / 2 : normals - PartSplit.HeldOut(normals), GatePhotos.MostJudged);
        var test = validNegatives is { } others ? others / 2 : PartSplit.HeldOut(negatives, PartSplit.MostHeldOut);
        return new EnoughPictures(
            accept,
            normals,
            calibration,
            calibration > 0 ? Promise(accept, calibration) : new BinomialInterval(0, 1),
            [.. Below.Select(below => (Below: below, Calibration: CalibrationFor(accept, below)))
                .Select(needed =>
                    new NeededNormals(
                    needed.Below, needed.Calibration, (int)Math.Ceiling(needed.Calibration / (1 - PartSplit.HeldOutShare))))],
            negatives,
            test,
            test > 0 ? BinomialInterval.Of(0, test).High : 1);
    }

    /// <summary>
    /// The fewest calibration normals whose lower bound is near enough. Doubles the number until it suffices, then bisects.
    /// </summary>
    private static int CalibrationFor(double accept, double below)
    {
        int low = 1, high = 2;
        for (; Promise(accept, high).Low < accept - below; low = high, high *= 2)
        {
        }

        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Promise(accept, middle).Low < accept - below ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static BinomialInterval Promise(double accept, int calibration) =>
        BinomialInterval.Of((int)Math.Ceiling((accept * calibration) - 1e-9), calibration);
}
