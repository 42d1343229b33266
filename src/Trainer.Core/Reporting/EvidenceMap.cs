using Trainer.Core.Batching;
using Trainer.Core.Networks;
using Trainer.Core.Training;
using static TorchSharp.torch;

namespace Trainer.Core.Reporting;

/// <summary>Where in a picture its cosine comes from.</summary>
/// <remarks>
/// Pooling is a mean and the head is linear, so an embedding is the mean of the embeddings eᵢ = W·fᵢ + b of the 16 places of the last
/// feature map. The cosine e·c / (|e|·|c|) thus splits exactly: place i holds eᵢ·c / (16·|e|·|c|), a sixteenth of the bias included, and the
/// shares add up to the cosine. The length |e| is that of the whole picture and the same for all. A place has seen its surroundings as well.
/// </remarks>
/// <param name="Cosine">−1 to 1.</param>
/// <param name="Shares">16 shares, row by row from the top left; their sum is the cosine.</param>
public sealed record EvidenceMap(float Cosine, IReadOnlyList<float> Shares)
{
    /// <summary>Places in a row, and rows.</summary>
    public const int Edge = 4;

    private const int Places = Edge * Edge;

    /// <summary>The maps of a batch, in its order.</summary>
    /// <param name="gate">Its network is in evaluation mode, and left in it.</param>
    public static IReadOnlyList<EvidenceMap> Of(TrainedGate gate, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(batch);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var head = gate.Network.Head;
        var places = gate.Network.Places(batch.ImagesOn(head.weight.device)).flatten(0, 1);   // [N · 16, 1280], by the way that decides
        var embeddings = head.forward(places).cpu().data<float>().ToArray();                // N · 16 · 512
        return [.. embeddings.Chunk(Places * EmbeddingNetwork.EmbeddingSize).Select(picture => Split(picture, gate.Checkpoint.Centroid.Values))];
    }

    /// <summary>What each place holds of a picture that just reaches the threshold and is otherwise like those given.</summary>
    /// <remarks>
    /// Places differ by themselves: those at the border see padding instead of a picture. Measured against what the subject's photos hold in the
    /// same place, a picture's shares tell what is odd about it. Share less baseline, summed over the places, is the cosine less the threshold.
    /// </remarks>
    /// <param name="typical">Photos of the subject; of none, or of photos that together lie opposite of the centroid, all places hold the same.</param>
    /// <returns>16 values, whose sum is the threshold.</returns>
    public static IReadOnlyList<double> Baseline(IReadOnlyList<EvidenceMap> typical, float threshold)
    {
        ArgumentNullException.ThrowIfNull(typical);
        var sums = Enumerable.Range(0, Places).Select(i => typical.Sum(map => (double)map.Shares[i])).ToArray();
        var all = sums.Sum();
        return [.. sums.Select(sum => all > 0 ? sum / all * threshold : threshold / (double)Places)];
    }

    private static EvidenceMap Split(float[] places, float[] centroid)
    {
        var mean = new double[centroid.Length];
        var along = new double[Places];
        for (var i = 0; i < places.Length; i++)
        {
            var (place, d) = Math.DivRem(i, centroid.Length);
            mean[d] += places[i] / (double)Places;
            along[place] += places[i] * (double)centroid[d] / Places;
        }

        var lengths = Math.Sqrt(mean.Sum(v => v * v) * centroid.Sum(v => (double)v * v));
        var shares = along.Select(a => lengths == 0 ? 0 : (float)(a / lengths)).ToArray();
        return new EvidenceMap((float)shares.Sum(share => (double)share), shares);
    }
}
