using System.Globalization;

namespace Pretraining;

/// <summary>A number of steps with pictures of one size.</summary>
/// <param name="Edge">E, a multiple of 32.</param>
/// <param name="Batch">N, the pictures per step.</param>
/// <param name="NormsLearn">
/// True if batch norms take their statistics from each batch, which is needed until they have good ones and halves the speed.
/// </param>
internal sealed record Stage(int Edge, int Steps, int Batch, bool NormsLearn)
{
    /// <summary>Parses stages such as 64:12000:64:learn,128:4000:32:frozen.</summary>
    public static Stage[] Parse(string text) => [.. text.Split(',').Select(part => part.Split(':')).Select(part =>
        new Stage(Whole(part[0]), Whole(part[1]), Whole(part[2]), part[3] == "learn"))];

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
