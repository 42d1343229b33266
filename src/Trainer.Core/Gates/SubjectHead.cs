namespace Trainer.Core.Gates;

/// <summary>A head, and the axis to known look-alikes where there are any.</summary>
internal sealed record SubjectHead(ClosedFormHead Head, LookAlikeAxis? Axis)
{
    private const double Gain = 2; // of squared distances: a look-alike lies farther out by twice what a photo of the subject does anyway

    /// <summary>How far a picture is by the head alone, and where on the axis it lies.</summary>
    /// <param name="features">F.</param>
    public SubjectPlace Place(float[] features) => new(Head.Distance(features), Axis?.Place(features) ?? 0);

    /// <summary>Both as one layer.</summary>
    /// <param name="weight">Of the axis: see <see cref="WeightOf"/>.</param>
    public ClosedFormHead Layer(double weight) => Axis?.PutInto(Head, weight) ?? Head;

    /// <summary>The weight by which the axis counts as much as all else.</summary>
    /// <param name="photos">Of the subject, by heads without them; at least one.</param>
    public static double WeightOf(IEnumerable<SubjectPlace> photos) => Math.Sqrt(Gain * photos.Average(photo => photo.Distance * photo.Distance));
}

/// <summary>Where a picture lies.</summary>
/// <param name="Distance">From the subject, by the head alone; at least 0.</param>
/// <param name="Along">On the axis to the look-alikes.</param>
internal readonly record struct SubjectPlace(double Distance, double Along)
{
    /// <summary>The distance by both.</summary>
    public double Total(double weight) => Math.Sqrt((Distance * Distance) + (weight * weight * Along * Along));
}
