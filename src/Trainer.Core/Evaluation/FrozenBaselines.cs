using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using Trainer.Core.Wording;
using static TorchSharp.torch;

namespace Trainer.Core.Evaluation;

/// <summary>
/// Measures how well the start weights do alone. Their pooled features decide, by the cosine to the mean photo of the subject or to the
/// nearest photos.
/// </summary>
/// <param name="network">
/// Of kind <see cref="FeatureKind.Pooled"/>, holding the start weights, on <paramref name="device"/>; is put into evaluation mode.
/// </param>
/// <param name="progress">Called with the number of pictures done so far.</param>
internal sealed class FrozenBaselines(EmbeddingNetwork network, Device device, BatchLoader loader, Action<int>? progress = null)
{
    /// <summary>Decides by the cosine to the centroid of the photos that the gate was made from, as the article does.</summary>
    public const string ByCentroid = "frozen, centroid";

    /// <summary>Decides by the mean cosine to the five nearest of these photos.</summary>
    public const string ByNearest = "frozen, 5 nearest";

    private int done;

    /// <summary>Measures both baselines and compares them with the gate.</summary>
    /// <param name="known">Photos of the subject, none of them among the sets.</param>
    /// <param name="sets">The gate's results. Without normals or without negatives there is nothing to compare.</param>
    /// <exception cref="TrainerException">None of the known photos can be read, or an evaluated picture no longer exists.</exception>
    public IReadOnlyList<Baseline> Measure(IReadOnlyList<ImageEntry> known, IReadOnlyList<SetResult> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var normals = Describe(known, "the subject's photos that the gate was made from");
        var centroid = Centroid.Of(normals);
        if (sets.FirstOrDefault(set => set.Role == SetRole.Normal) is not { } subject)
        {
            return [];
        }

        var found = sets.Select(set => (Set: set, Features: Describe(set.Pictures, set.Name, set.Count))).ToArray();
        return [Of(ByCentroid, centroid.Cosines), Of(ByNearest, features => NearestNormals.Cosines(normals, features))];

        Baseline Of(string name, Func<EmbeddingSet, float[]> decide)
        {
            var ofSubject = decide(found.First(pair => pair.Set == subject).Features);
            return new(name, [.. found.Where(pair => pair.Set.Role == SetRole.Negative)
                .Select(pair => BaselineFigure.Of(
                    pair.Set.Name, (subject.Cosines, pair.Set.Cosines), (ofSubject, decide(pair.Features))))]);
        }
    }

    private EmbeddingSet Describe(IReadOnlyList<ImageEntry> pictures, string what, int? expected = null)
    {
        network.eval();
        using var _ = no_grad();
        var features = new List<float>();
        foreach (var batch in loader.Load(pictures))
        {
            using var scope = NewDisposeScope();
            features.AddRange(network.Describe(batch.ImagesOn(device)).cpu().data<float>().ToArray());
            progress?.Invoke(done += batch.Images.Count);
        }

        var set = new EmbeddingSet([.. features], network.FeatureSize);
        return set.Count == (expected ?? Math.Max(set.Count, 1))
            ? set
            : throw new TrainerException($"{Counted.Of(pictures.Count - set.Count, "picture")} of {what} can no longer be read, "
                + "so the baselines can't be measured.");
    }
}
