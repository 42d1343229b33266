namespace Trainer.Core.Fitting;

/// <summary>Corrects the distances of photos that the features were trained on, so that they are like those of new photos.</summary>
/// <remarks>
/// Training pulls its own photos towards the subject, more so the longer it lasts, and a threshold set by them would be too strict. So all
/// their distances are multiplied by one factor. It is the ratio of the unseen photos' mean distance to theirs, with means of logarithms,
/// reduced by one standard error, since most of a small difference is chance.
/// </remarks>
internal static class Trained
{
    /// <summary>The distances multiplied by a factor of at least 1.</summary>
    /// <param name="trained">Distances of the photos that were trained on, by their content keys.</param>
    /// <param name="unseen">Distances of photos that weren't trained on, at least one.</param>
    public static IReadOnlyDictionary<ulong, double> AsNew(
        IReadOnlyDictionary<ulong, double> trained, IReadOnlyDictionary<ulong, double> unseen)
    {
        var factor = Factor([.. trained.Values], [.. unseen.Values]);
        return trained.ToDictionary(photo => photo.Key, photo => photo.Value * factor);
    }

    private static double Factor(double[] trained, double[] unseen)
    {
        if (trained.Length < 2 || unseen.Length < 2)
        {
            return 1;
        }

        var ((near, nearError), (far, farError)) = (LogMean(trained), LogMean(unseen));
        return Math.Exp(Math.Max(far - near - Math.Sqrt((nearError * nearError) + (farError * farError)), 0));
    }

    /// <summary>The mean of the logarithms, and its standard error.</summary>
    private static (double Mean, double Error) LogMean(double[] distances)
    {
        const double Least = 1e-12;
        var logarithms = Array.ConvertAll(distances, distance => Math.Log(Math.Max(distance, Least)));
        var mean = logarithms.Average();
        return (mean, Math.Sqrt(logarithms.Sum(value => (value - mean) * (value - mean)) / (logarithms.Length - 1) / logarithms.Length));
    }
}
