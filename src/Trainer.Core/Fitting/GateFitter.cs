using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Ranks;
using Trainer.Core.Wording;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>A gate that was computed for given features.</summary>
/// <param name="Head">The layer after the features.</param>
/// <param name="Threshold">The threshold of the cosine to <see cref="ClosedFormHead.Axis"/>.</param>
/// <param name="Cosines">Cosines of the photos that set the threshold, each by a head that was computed without it.</param>
/// <param name="HeldOut">The same for all photos that were judged this way, by their content keys.</param>
/// <param name="NormalCount">How many photos of the subject the head was computed from.</param>
internal sealed record FittedGate(
    ClosedFormHead Head, Threshold Threshold, float[] Cosines, IReadOnlyDictionary<ulong, float> HeldOut, int NormalCount);

/// <summary>Computes a gate in closed form for given features: first the head, then the threshold.</summary>
/// <remarks>
/// The head is computed from all photos: with a seventh fewer, the AUROC of rice against chilli leaves was 0.96 instead of 0.99. All photos
/// except the test photos set the threshold. Each is judged by a head that was computed without it and its neighbours, and the threshold is
/// a quantile of those distances (cross-conformal prediction, like CV+ of Barber et al. 2021,
/// <see href="https://arxiv.org/abs/1905.02928"/>). Photos that the features were trained on may be nearer than new photos; see
/// <see cref="Trained"/>.
/// </remarks>
/// <param name="describe">Computes a batch's features, [N · V, F], on the CPU; the fitter disposes them.</param>
/// <param name="featureSize">F.</param>
/// <param name="progress">Told how many of how many views are done.</param>
/// <param name="portions">How the photos are divided among processes; null if this process reads all of them.</param>
internal sealed class GateFitter(
    Func<Batch, Tensor> describe, int featureSize, BatchLoader loader, Action<int, int>? progress = null, Portions? portions = null)
{
    private const int MostViewed = 1000; // ordinary photos that show what a view changes; more would add nothing

    private const double LeastLimit = 1e-6; // with a limit of 0, every distance would have the cosine 0

    private static readonly Scalar One = 1; // held in a field: docs/decisions/0006

    private readonly Portions portions = portions ?? Portions.Whole;
    private int done;
    private int total;

    /// <summary>Computes head and threshold.</summary>
    /// <param name="acceptRate">The accept rate that the threshold promises, above 0, at most 1.</param>
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
        (done, total) = (0,
            ((1 + GateViews.OfNormals.Length) * (judged.Count + others.Count)) + photos.Ordinary.Count + photos.LookAlikes.Count
            + (GateViews.OfOrdinary.Length * viewed.Count));

        using var ofViewed = Sum(new ViewSums(featureSize), [.. viewed], GateViews.OfOrdinary, cancel);
        var nuisance = ofViewed.Nuisance();
        using var ordinary = Sum(ofViewed, [.. photos.Ordinary.Where(image => !viewed.Contains(image))], [], cancel);
        using var more = Sum(new ViewSums(featureSize), others, GateViews.OfNormals, cancel);
        using var lookAlikes = Sum(new ViewSums(featureSize), photos.LookAlikes, [], cancel);

        using var held = new HeldOutPhotos(judged, featureSize);
        var each = 1 + GateViews.OfNormals.Length;
        var seen = SharedLook.At(
            judged,
            portions,
            portion => Views(portion.Of(judged), GateViews.OfNormals, cancel)
                .Select(of => new PictureNumbers(of.Images, of.Features.data<float>().ToArray())),
            cancel);
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
            throw new TrainerException(
                $"None of the calibration normals can be read ({Counted.Of(photos.Calibration.Count, "file")}), so there is no threshold. "
                + "The skipped files and reasons are listed above.");
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

    /// <summary>The distances of some photos by their content keys, in their order, without photos that couldn't be read.</summary>
    private static OrderedDictionary<ulong, double> Of(IReadOnlyList<ImageEntry> photos, Dictionary<ulong, double> distances)
    {
        var found = new OrderedDictionary<ulong, double>();
        foreach (var photo in photos.Where(photo => distances.ContainsKey(photo.ContentKey)))
        {
            found.TryAdd(photo.ContentKey, distances[photo.ContentKey]);
        }

        return found;
    }

    private SubjectHead HeadOf(
        ViewSums more, IEnumerable<ViewSums> held, Tensor nuisance, FeatureSums ordinary, FeatureSums lookAlikes, int embeddingSize)
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
        return new(ClosedFormHead.Solve(
            mean, Shrinkage.Apply(covariance, Shrinkage.Intensity(covariance, sums.Photos.Count)), ordinary,
            embeddingSize - (axis is null ? 0 : 1)), axis);
    }

    /// <summary>
    /// Adds photos and their views; each rank adds its portions. The portions' sums are added up in a tree, so the result is the same for
    /// any number of ranks.
    /// </summary>
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

    /// <summary>The features of photos and their views, batch by batch: [n, 1 + views, F].</summary>
    private IEnumerable<(Tensor Features, IReadOnlyList<ImageEntry> Images)> Views(
        IReadOnlyList<ImageEntry> images, GateView[] views, CancellationToken cancel)
    {
        var each = 1 + views.Length;
        foreach (var batch in loader.LoadViews(
            images,
            each,
            (image, view, picture) => GateViews.ToInput(views, image, view, picture, loader.Preprocessing.Edge),
            portions.Within(cancel)))
        {
            using var described = describe(batch);
            using var features = described.view(batch.Images.Count, each, featureSize);
            yield return (features, [.. batch.Images.Select(labelled => labelled.Image)]);
            // the others look at as many
            progress?.Invoke(done = Math.Min(done + (batch.Images.Count * each * portions.Workers), total), total);
        }
    }
}
