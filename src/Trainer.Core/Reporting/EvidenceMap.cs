using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging.Augmenting;

namespace Trainer.Core.Reporting;

/// <summary>Where in a picture its cosine comes from; see <see cref="Occlusion"/>.</summary>
/// <param name="Cosine">Of the picture, −1 to 1.</param>
/// <param name="Places">What each place adds to it, row by row from the top left.</param>
public sealed record EvidenceMap(float Cosine, IReadOnlyList<float> Places)
{
    /// <summary>Places in a row, and rows.</summary>
    public const int Edge = Occlusion.Edge;

    /// <summary>The maps of a batch, in its order, by the way that the gate judges pictures.</summary>
    public static IReadOnlyList<EvidenceMap> Of(IGate gate, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(batch);
        return [.. batch.Pixels.Chunk(batch.Pixels.Length / batch.Images.Count).Select(picture => Of(gate, picture, batch.Edge))];
    }

    private static EvidenceMap Of(IGate gate, byte[] picture, int edge)
    {
        var cosines = gate.Cosines(new Batch([.. picture, .. Occlusion.Views(picture, edge)], new Catalog.LabelledImage[1 + Occlusion.Places]));
        return new EvidenceMap(cosines[0], Occlusion.Evidence(cosines[0], cosines[1..]));
    }
}
