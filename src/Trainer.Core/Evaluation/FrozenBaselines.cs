using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using Trainer.Core.Wording;
using static TorchSharp.torch;

namespace Trainer.Core.Evaluation;

/// <summary>Measures what start weights tell by themselves, by their pooled features: the cosine to the mean photo of the subject, and to the nearest photos.</summary>
/// <param name="network">With <see cref="FeatureKind.Pooled"/> and the start weights, on <paramref name="device"/>; put into evaluation mode.</param>
/// <param name="progress">Told the number of pictures so far.</param>
internal sealed class FrozenBaselines(EmbeddingNetwork network, Device device, BatchLoader loader, Action<int>? progress = null)
{
    /// <summary>The cosine to the centroid of the photos that the gate was made from: the article's way to decide.</summary>
    public const string ByCentroid = "frozen, centroid";

    /// <summary>The mean cosine to the five nearest of them.</summary>
    public const string ByNearest = "frozen, 5 nearest";

    private int done;

    /// <summary>Measures both beside the gate.</summary>
    /// <param name="known">Photos of the subject, none of them among the sets.</param>
    /// <param name="sets">As the gate was evaluated on them; without normals, or without negatives, there is nothing to compare.</param>
    /// <exception cref="TrainerException">None of the known photos can be read, or a picture that was evaluated is gone.</exception>
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
                .Select(pair => BaselineFigure.Of(pair.Set.Name, (subject.Cosines, pair.Set.Cosines), (ofSubject, decide(pair.Features))))]);
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
            : throw new TrainerException($"{Counted.Of(pictures.Count - set.Count, "picture")} of {what} can't be read any more, so there is nothing to compare with.");
    }
}
