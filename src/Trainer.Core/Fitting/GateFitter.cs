using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Ranks;
using Trainer.Core.Gates;
using Trainer.Core.Wording;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>A gate on given features.</summary>
/// <param name="Head">The layer behind the features.</param>
/// <param name="Threshold">For the cosine to <see cref="ClosedFormHead.Axis"/>.</param>
/// <param name="Cosines">Of each photo that set the threshold, by a head that it took no part in.</param>
/// <param name="HeldOut">The same for every photo that was judged so, by its content.</param>
/// <param name="NormalCount">Photos of the subject that the head was computed from.</param>
internal sealed record FittedGate(ClosedFormHead Head, Threshold Threshold, float[] Cosines, IReadOnlyDictionary<ulong, float> HeldOut, int NormalCount);

/// <summary>Computes a gate in closed form on features as they are: head, then threshold.</summary>
/// <remarks>
/// All photos serve the head: with a seventh fewer, rice was told from chilli leaves at an AUROC of 0.96 instead of 0.99. And all but the test photos set the threshold:
/// each is judged by a head that was computed without it and its neighbours, and the threshold is a quantile of those distances (cross-conformal prediction, as CV+ of
/// Barber et al. 2021, <see href="https://arxiv.org/abs/1905.02928"/>). Photos that the features were trained on may lie nearer than new ones will; see <see cref="Trained"/>.
/// </remarks>
/// <param name="describe">A batch's features, [N · V, F], on the CPU; the caller disposes them.</param>
/// <param name="featureSize">F.</param>
/// <param name="progress">Told how many of how many views are done.</param>
/// <param name="portions">How the looks at photos are shared out; null where this process looks at all.</param>
internal sealed class GateFitter(Func<Batch, Tensor> describe, int featureSize, BatchLoader loader, Action<int, int>? progress = null, Portions? portions = null)
{
    private const int MostViewed = 1000; // ordinary photos that are asked what a view changes: more tell nothing new

    private const double LeastLimit = 1e-6; // a distance of 0 would have no angle

    private static readonly Scalar One = 1; // held: docs/decisions/0006

    private readonly Portions portions = portions ?? Portions.Whole;
    private int done;
    private int total;

    /// <summary>Computes head and threshold.</summary>
    /// <param name="acceptRate">What the threshold promises, above 0, at most 1.</param>
    /// <param name="embeddingSize">D.</param>
    /// <exception cref="TrainerException">None of the calibration photos can be read.</exception>
    public FittedGate Fit(GatePhotos photos, double acceptRate, int embeddingSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var viewed = photos.Ordinary.OrderBy(image => image.ContentKey).Take(MostViewed).ToHashSet();
        var judged = photos.Judged;
        IReadOnlyList<ImageEntry> others = [.. photos.Normals.Except(judged)];
        (done, total) = (0, ((1 + GateViews.OfNormals.Length) * (judged.Count + others.Count)) + photos.Ordinary.Count + photos.LookAlikes.Count + (GateViews.OfOrdinary.Length * viewed.Count));

        using var ofViewed = Sum(new ViewSums(featureSize), [.. viewed], GateViews.OfOrdinary, cancel);
        var nuisance = ofViewed.Nuisance();
        using var ordinary = Sum(ofViewed, [.. photos.Ordinary.Where(image => !viewed.Contains(image))], [], cancel);
        using var more = Sum(new ViewSums(featureSize), others, GateViews.OfNormals, cancel);
        using var lookAlikes = Sum(new ViewSums(featureSize), photos.LookAlikes, [], cancel);

        using var held = new HeldOutPhotos(judged, featureSize);
        var each = 1 + GateViews.OfNormals.Length;
        var seen = SharedLook.At(judged, portions, portion => Views(portion.Of(judged), GateViews.OfNormals, cancel).Select(of => new PictureNumbers(of.Images, of.Features.flatten().data<float>().ToArray())), cancel);
        using (var features = tensor(seen.Values, [seen.Images.Count, each, featureSize]))
        {
            held.Add(features, seen.Images, GateViews.OfNormals);
        }

        SubjectHead Solve(IEnumerable<ViewSums> parts) => HeadOf(more, parts, nuisance, ordinary.Photos, lookAlikes.Photos, embeddingSize);
        var places = held.Measure(Solve, (head, features) => head.Place(features), cancel);
        var weight = lookAlikes.Photos.Count > 0 && places.Count > 0 ? SubjectHead.WeightOf(places.Values) : 0;
        var distances = places.ToDictionary(photo => photo.Key, photo => photo.Value.Total(weight));
        var calibration = Of(photos.Calibration, distances);
        if (calibration.Count == 0)
        {
            throw new TrainerException($"None of the calibration normals can be read ({Counted.Of(photos.Calibration.Count, "file")}), so there is no threshold. The skipped files and reasons are listed above.");
        }

        var trained = Trained.AsNew(Of(photos.Normals, distances), calibration);
        double[] calibrating = [.. calibration.Values, .. trained.Values];
        var limit = Math.Max(Tail.DistanceOf(acceptRate, calibrating), LeastLimit);
        float Cosine(double distance) => (float)ClosedFormHead.CosineAt(distance, limit);
        return new FittedGate(
            Solve(held.Sums).Layer(weight).With(limit),
            new Threshold(Cosine(limit), acceptRate, calibrating.Length),
            [.. calibrating.Select(Cosine)],
            distances.ToDictionary(photo => photo.Key, photo => Cosine(trained.GetValueOrDefault(photo.Key, photo.Value))),
            others.Count + held.Count);
    }

    /// <summary>Distances of some photos, by their content, in their order; without those that couldn't be read.</summary>
    private static OrderedDictionary<ulong, double> Of(IReadOnlyList<ImageEntry> photos, Dictionary<ulong, double> distances)
    {
        var found = new OrderedDictionary<ulong, double>();
        foreach (var photo in photos.Where(photo => distances.ContainsKey(photo.ContentKey)))
        {
            found.TryAdd(photo.ContentKey, distances[photo.ContentKey]);
        }

        return found;
    }

    private SubjectHead HeadOf(ViewSums more, IEnumerable<ViewSums> held, Tensor nuisance, FeatureSums ordinary, FeatureSums lookAlikes, int embeddingSize)
    {
        using var scope = NewDisposeScope();
        using var sums = new ViewSums(featureSize);
        sums.Add(more);
        foreach (var fold in held)
        {
            sums.Add(fold);
        }

        var mean = sums.Photos.Mean();
        var covariance = sums.Covariance(mean).add_(nuisance, One);
        var axis = lookAlikes.Count > 0 ? LookAlikeAxis.Of(mean, covariance, sums.Photos.Count, lookAlikes) : null;
        return new(ClosedFormHead.Solve(mean, Shrinkage.Apply(covariance, Shrinkage.Intensity(covariance, sums.Photos.Count)), ordinary, embeddingSize - (axis is null ? 0 : 1)), axis);
    }

    /// <summary>Adds photos and views, each rank its portions of them; the sums of portions are added up in a tree, so that they are the same for any number of ranks.</summary>
    /// <param name="begun">What there is already; the first portion is added to it. Taken over.</param>
    private ViewSums Sum(ViewSums begun, IReadOnlyList<ImageEntry> images, GateView[] views, CancellationToken cancel)
    {
        var own = NewTree();
        foreach (var portion in portions.Own(images.Count))
        {
            var sums = portion.Number == 0 ? begun : new ViewSums(featureSize);
            foreach (var (features, _) in Views(portion.Of(images), views, cancel))
            {
                sums.Add(features, views);
            }

            own.Add(sums);
        }

        if (portions.Workers == 1)
        {
            return own.Total;
        }

        var all = NewTree();
        byte[] bytes;
        using (var ofRank = own.Total)
        {
            bytes = ofRank.ToBytes();
        }

        foreach (var other in portions.OfAll(bytes, cancel))
        {
            all.Add(ViewSums.Read(other, featureSize));
        }

        return all.Total;
    }

    private static TreeSum<ViewSums> NewTree() => new((earlier, later) =>
    {
        using (later)
        {
            earlier.Add(later);
            return earlier;
        }
    });

    /// <summary>Features of photos and of their views, batch by batch: [n, 1 + views, F].</summary>
    private IEnumerable<(Tensor Features, IReadOnlyList<ImageEntry> Images)> Views(
        IReadOnlyList<ImageEntry> images, GateView[] views, CancellationToken cancel)
    {
        var each = 1 + views.Length;
        foreach (var batch in loader.LoadViews(images, each, (image, view, picture) => GateViews.ToInput(views, image, view, picture, loader.Preprocessing.Edge), portions.Within(cancel)))
        {
            using var features = describe(batch);
            yield return (features.view(batch.Images.Count, each, featureSize), [.. batch.Images.Select(labelled => labelled.Image)]);
            progress?.Invoke(done = Math.Min(done + (batch.Images.Count * each * portions.Workers), total), total); // the others look at as many
        }
    }
}
