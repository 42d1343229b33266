namespace Trainer.Core.Metrics;

/// <summary>A confidence interval of a share that was estimated from a count.</summary>
/// <param name="Low">0 to 1.</param>
/// <param name="High">0 to 1.</param>
public readonly record struct BinomialInterval(double Low, double High)
{
    /// <summary>The exact interval of Clopper and Pearson 1934, which contains the true share with at least the given confidence.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 1.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static BinomialInterval Of(int successes, int trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var tail = (1 - confidence) / 2;
        return new(
            successes == 0 ? 0 : Solve(p => 1 - AtMost(successes - 1, trials, p), tail),
            successes == trials ? 1 : Solve(p => -AtMost(successes, trials, p), -tail));
    }

    /// <summary>The p at which a rising function reaches a value, found by bisection.</summary>
    private static double Solve(Func<double, double> rising, double value)
    {
        double low = 0, high = 1;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = rising(middle) < value ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>Probability of at most k successes in n trials.</summary>
    private static double AtMost(int k, int n, double p)
    {
        double sum = 0, logOfTerm = n * Math.Log(1 - p);
        for (var i = 0; i <= k; i++)
        {
            sum += Math.Exp(logOfTerm);
            logOfTerm += Math.Log((double)(n - i) / (i + 1)) + Math.Log(p) - Math.Log(1 - p);
        }

        return Math.Min(sum, 1);
    }
}
