using Trainer.Core.Catalog;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>
/// Photos that are used to compute the head, and are each judged by a head that was computed without them. They are summed in folds, so
/// that one fold can be left out.
/// </summary>
/// <param name="photos">The photos in the order of their names. Neighbours share a fold, because photos of one series are similar.</param>
/// <param name="featureSize">F.</param>
internal sealed class HeldOutPhotos(IReadOnlyList<ImageEntry> photos, int featureSize) : IDisposable
{
    private const int MostFolds = 5;

    private readonly Dictionary<string, int> places = photos.Index().ToDictionary(photo => photo.Item.Path, photo => photo.Index);
    private readonly ViewSums[] sums = [.. Enumerable.Range(0, Math.Min(MostFolds, photos.Count)).Select(_ => new ViewSums(featureSize))];
    private readonly List<(ulong Key, float[] Features, int Fold)> read = [];

    /// <summary>The sums of each fold.</summary>
    public IReadOnlyList<ViewSums> Sums => sums;

    /// <summary>How many photos could be read.</summary>
    public int Count => read.Count;

    /// <summary>Adds photos.</summary>
    /// <param name="features">[n, 1 + views, F]: for each photo the features of the photo itself, then of its views.</param>
    public void Add(Tensor features, IReadOnlyList<ImageEntry> images, GateView[] views)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < images.Count; i++)
        {
            var fold = (int)((long)places[images[i].Path] * sums.Length / photos.Count);
            var photo = features.narrow(0, i, 1); // [1, 1 + views, F]
            sums[fold].Add(photo, views);
            read.Add((images[i].ContentKey, photo.select(1, 0).contiguous().data<float>().ToArray(), fold));
        }
    }

    /// <summary>Judges each photo by a head that was computed without the photo's fold. The results are keyed by content.</summary>
    /// <param name="solve">Computes a head from the given folds.</param>
    /// <param name="measure">Judges a photo's features by that head.</param>
    public IReadOnlyDictionary<ulong, TResult> Measure<THead, TResult>(
        Func<IEnumerable<ViewSums>, THead> solve, Func<THead, float[], TResult> measure, CancellationToken cancel)
    {
        var found = new Dictionary<ulong, TResult>();
        foreach (var fold in read.GroupBy(photo => photo.Fold))
        {
            cancel.ThrowIfCancellationRequested();
            var head = solve(sums.Where((_, other) => other != fold.Key));
            foreach (var (key, features, _) in fold)
            {
                found[key] = measure(head, features);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(sums, fold => fold.Dispose());
}
