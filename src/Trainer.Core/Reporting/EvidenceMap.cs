using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging.Augmenting;

namespace Trainer.Core.Reporting;

/// <summary>Which places in a picture its cosine comes from; see <see cref="Occlusion"/>.</summary>
/// <param name="Cosine">The picture's cosine, −1 to 1.</param>
/// <param name="Places">What each place adds to it, row by row from the top left.</param>
public sealed record EvidenceMap(float Cosine, IReadOnlyList<float> Places)
{
    /// <summary>Number of places in a row, and number of rows.</summary>
    public const int Edge = Occlusion.Edge;

    /// <summary>Computes the maps of a batch, in its order, with the gate.</summary>
    public static IReadOnlyList<EvidenceMap> Of(IGate gate, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(batch);
        return [.. batch.Pixels.Chunk(batch.Pixels.Length / batch.Images.Count).Select(picture => Of(gate, picture, batch.Edge))];
    }

    private static EvidenceMap Of(IGate gate, byte[] picture, int edge)
    {
        var cosines = gate.Cosines(
            new Batch([.. picture, .. Occlusion.Views(picture, edge)], new Catalog.LabelledImage[1 + Occlusion.Places]));
        return new EvidenceMap(cosines[0], Occlusion.Evidence(cosines[0], cosines[1..]));
    }
}
