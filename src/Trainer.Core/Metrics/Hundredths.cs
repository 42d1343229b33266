namespace Trainer.Core.Metrics;

/// <summary>How intervals are said to people, the same everywhere: in whole hundredths, rounded outwards, so that they hold what the figures do.</summary>
public static class Hundredths
{
    private const double Rounding = 1e-9; // of the multiplication

    /// <summary>0.031 and 0.189 are 3 and 19.</summary>
    /// <param name="low">0 to 1.</param>
    /// <param name="high">0 to 1.</param>
    public static (int Low, int High) Around(double low, double high) =>
        ((int)Math.Floor((100 * low) + Rounding), (int)Math.Ceiling((100 * high) - Rounding));
}
