using Trainer.Core.Catalog;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>Photos that help to compute the head, and are each judged by a head without them: they are summed in folds, so that a fold can be left out.</summary>
/// <param name="photos">In the order of their names: neighbours share a fold, since photos of one series are alike.</param>
/// <param name="featureSize">F.</param>
internal sealed class HeldOutPhotos(IReadOnlyList<ImageEntry> photos, int featureSize) : IDisposable
{
    private const int MostFolds = 5;

    private readonly Dictionary<string, int> places = photos.Index().ToDictionary(photo => photo.Item.Path, photo => photo.Index);
    private readonly ViewSums[] sums = [.. Enumerable.Range(0, Math.Min(MostFolds, photos.Count)).Select(_ => new ViewSums(featureSize))];
    private readonly List<(ulong Key, float[] Features, int Fold)> read = [];

    /// <summary>Of each fold.</summary>
    public IReadOnlyList<ViewSums> Sums => sums;

    /// <summary>Photos that could be read.</summary>
    public int Count => read.Count;

    /// <summary>Takes photos in.</summary>
    /// <param name="features">[n, 1 + views, F]: of each photo as it is, then of its views.</param>
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

    /// <summary>What a head of all folds but its own makes of each photo, by its content.</summary>
    /// <param name="solve">Computes a head with these folds.</param>
    /// <param name="measure">Asks it about a photo's features.</param>
    public IReadOnlyDictionary<ulong, TResult> Measure<THead, TResult>(Func<IEnumerable<ViewSums>, THead> solve, Func<THead, float[], TResult> measure, CancellationToken cancel)
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
