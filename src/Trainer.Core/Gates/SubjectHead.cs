namespace Trainer.Core.Gates;

/// <summary>A head, with the axis to known look-alikes if there are any.</summary>
internal sealed record SubjectHead(ClosedFormHead Head, LookAlikeAxis? Axis)
{
    private const double Gain = 2; // the axis adds to a look-alike's squared distance twice the subject's mean squared distance

    /// <summary>A picture's distance by the head alone, and its position on the axis.</summary>
    /// <param name="features">F values.</param>
    public SubjectPlace Place(float[] features) => new(Head.Distance(features), Axis?.Place(features) ?? 0);

    /// <summary>Head and axis as one layer.</summary>
    /// <param name="weight">The weight of the axis; see <see cref="WeightOf"/>.</param>
    public ClosedFormHead Layer(double weight) => Axis?.PutInto(Head, weight) ?? Head;

    /// <summary>
    /// The weight of the axis: it makes the mean look-alike's squared distance along it twice the photos' mean squared distance.
    /// </summary>
    /// <param name="photos">The places of the subject's photos, each by a head that was computed without it; at least one.</param>
    public static double WeightOf(IEnumerable<SubjectPlace> photos) =>
        Math.Sqrt(Gain * photos.Average(photo => photo.Distance * photo.Distance));
}

/// <summary>A picture's place relative to the subject.</summary>
/// <param name="Distance">Distance from the subject by the head alone; at least 0.</param>
/// <param name="Along">Position on the axis to the look-alikes.</param>
internal readonly record struct SubjectPlace(double Distance, double Along)
{
    /// <summary>The distance by head and axis together.</summary>
    public double Total(double weight) => Math.Sqrt((Distance * Distance) + (weight * weight * Along * Along));
}
