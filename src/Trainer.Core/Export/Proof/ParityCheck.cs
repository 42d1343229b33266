using System.Diagnostics;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;

namespace Trainer.Core.Export.Proof;

/// <summary>
/// Compares exported gates with the trained gate. All get the same decoded pictures, and each does its own preprocessing.
/// </summary>
/// <param name="workers">Number of pictures decoded at the same time.</param>
public sealed class ParityCheck(int workers)
{
    private const int TimedWidth = 640, TimedHeight = 480;

    /// <summary>Number of times that a picture of 640x480 is judged for the median time.</summary>
    public int TimedRuns { get; init; } = 50;

    /// <summary>Compares the gates. Pictures that can't be decoded are left out.</summary>
    /// <param name="pictures">Normals and negatives, labelled as in <see cref="Labels"/>.</param>
    /// <param name="done">Called with the number of pictures done so far.</param>
    /// <returns>A result for each candidate, in their order.</returns>
    /// <exception cref="TrainerException">None of the pictures can be read, so nothing can be proved.</exception>
    public IReadOnlyList<ParityResult> Compare(
        IGate trained, IReadOnlyList<ExportCandidate> candidates, IReadOnlyList<LabelledImage> pictures, Action<int>? done = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(pictures);
        var labels = new List<int>();
        var before = new List<Judgement>();
        var after = candidates.Select(_ => new List<Judgement>()).ToArray();
        foreach (var chunk in Decoded(trained, pictures, cancel).Chunk(BatchLoader.PicturesAtOnce))
        {
            labels.AddRange(chunk.Select(picture => picture.Image.Label));
            before.AddRange(Judge(trained, chunk));
            foreach (var (candidate, judgements) in candidates.Zip(after))
            {
                judgements.AddRange(chunk.Select(picture => candidate.Gate.Judge(picture.Pixels)));
            }

            done?.Invoke(labels.Count);
        }

        return labels.Count > 0
            ? [.. candidates.Zip(
                after, (candidate, judgements) => ParityResult.Of(candidate, labels, before, judgements, MedianMilliseconds(candidate)))]
            : throw new TrainerException(
                "None of the run's pictures can be read, so an exported model can't be checked. No file was written.");
    }

    private IEnumerable<(LabelledImage Image, RgbImage Pixels)> Decoded(
        IGate trained, IReadOnlyList<LabelledImage> pictures, CancellationToken cancel) =>
        pictures
            .Zip(PictureStream.Decode(pictures.Select(picture => picture.Image.Path), trained.Preprocessing.ShorterSide, workers, cancel))
            .Where(pair => pair.Second.Picture is not null)
            .Select(pair => (pair.First, pair.Second.Picture!)); // nulls are filtered out

    private static IEnumerable<Judgement> Judge(IGate trained, (LabelledImage Image, RgbImage Pixels)[] chunk)
    {
        // The images have no entries here. With them, a run's gate would judge photos that it was computed from by heads without them,
        // which a file can't.
        var batch = new Batch(
            [.. chunk.SelectMany(picture => trained.Preprocessing.ToInput(picture.Pixels))], new LabelledImage[chunk.Length]);
        return trained.Cosines(batch).Select(cosine => new Judgement(cosine, cosine >= trained.Threshold));
    }

    private double MedianMilliseconds(ExportCandidate candidate)
    {
        if (!candidate.IsTimed || TimedRuns == 0)
        {
            return double.NaN;
        }

        var picture = new RgbImage(TimedWidth, TimedHeight, new byte[TimedWidth * TimedHeight * 3]);
        var times = Enumerable.Range(0, TimedRuns).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            candidate.Gate.Judge(picture);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });
        return times.Order().ElementAt(TimedRuns / 2);
    }
}
