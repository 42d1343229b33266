namespace Trainer.Core.Metrics;

/// <summary>
/// Rounds an interval outwards to whole hundredths, as it is shown to users everywhere; the result contains the exact interval.
/// </summary>
public static class Hundredths
{
    private const double Rounding = 1e-9; // allows for rounding in the multiplication

    /// <summary>The interval in hundredths: 0.031 and 0.189 become 3 and 19.</summary>
    /// <param name="low">0 to 1.</param>
    /// <param name="high">0 to 1.</param>
    public static (int Low, int High) Around(double low, double high) =>
        ((int)Math.Floor((100 * low) + Rounding), (int)Math.Ceiling((100 * high) - Rounding));
}
