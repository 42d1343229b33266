namespace Trainer.Core.Fitting;

/// <summary>Distances of photos that the features were trained on, as those of new photos would be.</summary>
/// <remarks>
/// Training draws its photos to the subject, more the longer it goes on, and a threshold by them would be too strict. So they are all moved out by one factor: by how much
/// farther, on the mean of the logarithms, the photos lie that it never saw; less one standard error, since most of a small difference is chance.
/// </remarks>
internal static class Trained
{
    /// <summary>The distances times a factor of at least 1.</summary>
    /// <param name="trained">By the photos' content.</param>
    /// <param name="unseen">Of photos that weren't trained on, at least one.</param>
    public static IReadOnlyDictionary<ulong, double> AsNew(IReadOnlyDictionary<ulong, double> trained, IReadOnlyDictionary<ulong, double> unseen)
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

    /// <summary>Mean of the logarithms, and its standard error.</summary>
    private static (double Mean, double Error) LogMean(double[] distances)
    {
        const double Least = 1e-12;
        var logarithms = Array.ConvertAll(distances, distance => Math.Log(Math.Max(distance, Least)));
        var mean = logarithms.Average();
        return (mean, Math.Sqrt(logarithms.Sum(value => (value - mean) * (value - mean)) / (logarithms.Length - 1) / logarithms.Length));
    }
}
