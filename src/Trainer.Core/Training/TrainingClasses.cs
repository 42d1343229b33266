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
    /// <exception cref="TrainerException">None of the photos of the subject can be read.</exception>
    public static FoundClasses Find(
        EmbeddingNetwork network, Device device, BatchLoader loader, IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> ordinary,
        int clusters, ulong seed, Portions portions, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var (ofOrdinary, ordinaryRead) = Features(network, device, loader, ordinary, portions, cancel);
        var (ofNormals, normalsRead) = Features(network, device, loader, normals, portions, cancel);
        if (normalsRead.Count == 0)
        {
            throw new TrainerException(
                $"None of the {Counted.Of(normals.Count, "training photo")} of the subject can be read. The skipped files and their "
                + "reasons are listed above.");
        }

        var most = Math.Clamp(ordinaryRead.Count / FewestInClass, Math.Min(ordinaryRead.Count, 1), clusters);
        long[] labels =
        [
            .. Clusters.Of(ofOrdinary, most, seed),
            .. Clusters.Of(ofNormals, Math.Clamp(normalsRead.Count / FewestInClass, 1, MostOfSubject), seed)
            .Select(cluster => cluster + most),
        ];
        var byContent = ordinaryRead.Concat(normalsRead).Zip(labels).DistinctBy(pair => pair.First.ContentKey)
            .ToDictionary(pair => pair.First.ContentKey, pair => (int)pair.Second);
        var classes = new TrainingClasses(byContent, Math.Max((int)labels.Max() + 1, 2));
        return new FoundClasses(classes, cat([ofOrdinary, ofNormals], 0).DetachFromDisposeScope(), labels, FirstOfSubject: most);
    }

    private static (Tensor Features, IReadOnlyList<ImageEntry> Images) Features(
        EmbeddingNetwork network, Device device, BatchLoader loader, IReadOnlyList<ImageEntry> images, Portions portions,
        CancellationToken cancel)
    {
        network.eval();
        using var _ = no_grad();
        var found = SharedLook.At(
            images, portions, portion => loader.Load(portion.Of(images), portions.Within(cancel)).Select(Describe), cancel);
        return (tensor(found.Values, [found.Images.Count, network.FeatureSize]).to(device), found.Images);

        PictureNumbers Describe(Batch batch)
        {
            using var scope = NewDisposeScope();
            return new([.. batch.Images.Select(labelled => labelled.Image)],
                network.Describe(batch.ImagesOn(device)).cpu().data<float>().ToArray());
        }
    }
}

/// <summary>Classes with the features that they were found from.</summary>
/// <param name="Features">Features of the ordinary photos, followed by those of the subject's photos, [N, F].</param>
/// <param name="Labels">The class of each photo.</param>
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
