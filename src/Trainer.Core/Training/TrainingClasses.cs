using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Fitting;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Ranks;
using Trainer.Core.Wording;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>The class of every photo that training shows. Photos that the network finds similar before training share a class.</summary>
/// <param name="Labels">Class index by the photo's content key.</param>
/// <param name="Count">Number of classes; those of ordinary photos come first.</param>
internal sealed record TrainingClasses(IReadOnlyDictionary<ulong, int> Labels, int Count)
{
    private const int FewestInClass = 8;
    private const int MostOfSubject = 4;

    // Photos of a kind whose features make its classes: a hundred for each of 40. Their features take 7.5 kB each.
    private const int MostClustered = 4000;

    /// <summary>No classes, for a gate that isn't trained.</summary>
    public static TrainingClasses None { get; } = new(new Dictionary<ulong, int>(), 2);

    /// <summary>The classes of a resumed run.</summary>
    public static TrainingClasses Of(IReadOnlyDictionary<ulong, int> labels) =>
        new(labels, Math.Max(labels.Values.DefaultIfEmpty().Max() + 1, 2));

    /// <summary>The class of a photo. For a photo that could not be read the value has no meaning, because no step will show it.</summary>
    public int Of(ImageEntry image) => Labels.GetValueOrDefault(image.ContentKey);

    /// <summary>Finds the classes from the features before training.</summary>
    /// <param name="normals">Training photos of the subject.</param>
    /// <param name="ordinary">Ordinary photos that training will show.</param>
    /// <param name="clusters">Most classes of ordinary photos; at least 1.</param>
    /// <param name="portions">How the looks at photos are shared out.</param>
    /// <param name="sample">Most photos of a kind whose features make its classes.</param>
    /// <exception cref="TrainerException">None of the photos of the subject can be read.</exception>
    public static FoundClasses Find(
        EmbeddingNetwork network, Device device, BatchLoader loader, IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> ordinary,
        int clusters, ulong seed, Portions portions, CancellationToken cancel, int sample = MostClustered)
    {
        using var scope = NewDisposeScope();
        network.eval();
        using var _ = no_grad();
        var (ofOrdinary, most) = Group(ordinary, read => Math.Clamp(read / FewestInClass, Math.Min(read, 1), clusters));
        var (ofNormals, _) = Group(normals, read => Math.Clamp(read / FewestInClass, 1, MostOfSubject));
        if (ofNormals.Read.Count == 0)
        {
            throw new TrainerException(
                $"None of the {Counted.Of(normals.Count, "training photo")} of the subject can be read. The skipped files and their "
                + "reasons are listed above.");
        }

        var normalLabels = ofNormals.Labels.Select(cluster => cluster + most);
        var byContent = ofOrdinary.Read.Zip(ofOrdinary.Labels).Concat(ofNormals.Read.Zip(normalLabels))
            .DistinctBy(pair => pair.First.ContentKey)
            .ToDictionary(pair => pair.First.ContentKey, pair => (int)pair.Second);
        var classes = new TrainingClasses(byContent, Math.Max((int)normalLabels.Max() + 1, 2));
        var (shownOrdinary, shownNormals) = ((int)ofOrdinary.Features.shape[0], (int)ofNormals.Features.shape[0]);
        return new FoundClasses(classes, cat([ofOrdinary.Features, ofNormals.Features], 0).DetachFromDisposeScope(),
            [.. ofOrdinary.Labels.Take(shownOrdinary), .. normalLabels.Take(shownNormals)], FirstOfSubject: most);

        // The classes of one kind of photo. Of many, a sample by content makes them, and the others join the nearest.
        (PhotoGroup Group, int Classes) Group(IReadOnlyList<ImageEntry> images, Func<int, int> classesOf)
        {
            IReadOnlyList<ImageEntry> inOrder = images.Count <= sample ? images : [.. images.OrderBy(image => image.ContentKey)];
            var first = Look([.. inOrder.Take(sample)], features => features.data<float>().ToArray());
            var count = classesOf(first.Images.Count);
            var features = tensor(first.Values, [first.Images.Count, network.FeatureSize]);
            var (labels, centres) = Clusters.Of(features, count, seed);
            var others = first.Images.Count == 0 ? new([], [])
                : Look([.. inOrder.Skip(sample)], of => [.. Clusters.Nearest(of, centres).Select(label => (float)label)]);
            return (
                new([.. first.Images, .. others.Images], [.. labels, .. others.Values.Select(label => (long)label)], features.to(device)),
                count);
        }

        PictureNumbers Look(IReadOnlyList<ImageEntry> images, Func<Tensor, float[]> numbersOf) => SharedLook.At(
            images, portions, portion => loader.Load(portion.Of(images), portions.Within(cancel)).Select(batch =>
            {
                using var each = NewDisposeScope();
                return new PictureNumbers(
                    [.. batch.Images.Select(labelled => labelled.Image)], numbersOf(network.Describe(batch.ImagesOn(device)).cpu()));
            }), cancel);
    }

    /// <param name="Read">The photos that can be read.</param>
    /// <param name="Labels">The class of each.</param>
    /// <param name="Features">Of the first of them, that made the classes: [n, F].</param>
    private sealed record PhotoGroup(IReadOnlyList<ImageEntry> Read, IReadOnlyList<long> Labels, Tensor Features);
}

/// <summary>Classes with the features that they were found from.</summary>
/// <param name="Features">Features of the ordinary photos, followed by those of the subject's photos, [N, F]; of many a sample.</param>
/// <param name="Labels">The class of each photo whose features these are.</param>
/// <param name="FirstOfSubject">The classes from this one on are the subject's.</param>
internal sealed record FoundClasses(TrainingClasses Classes, Tensor Features, long[] Labels, int FirstOfSubject) : IDisposable
{
    /// <summary>Initialises the class weights of a loss from the features.</summary>
    public void Start(ManyClassLoss loss)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(Labels).to(Features.device);
        var isNormal = tensor(Labels.Select(label => label >= FirstOfSubject).ToArray()).to(Features.device);
        loss.StartFrom(Features, labels, isNormal);
    }

    /// <inheritdoc/>
    public void Dispose() => Features.Dispose();
}
