using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Batching;

/// <summary>Decodes pictures on several threads ahead of the one that trains, and hands them out in batches, in order.</summary>
/// <param name="preprocessing">Of the run or the gate that the pictures are for: decides how large they are read, and what <see cref="Load(IEnumerable{ImageEntry}, CancellationToken)"/> makes of them.</param>
/// <param name="batchSize">N, at least 1.</param>
/// <param name="workers">Pictures decoded at once.</param>
/// <param name="skipped">Takes what doesn't decode; the pictures behind move up, so batches stay full, unless <see cref="KeepsPlaces"/>.</param>
/// <param name="reader">Reads the pictures; without a cache when null.</param>
public sealed class BatchLoader(Preprocessing preprocessing, int batchSize, int workers, SkippedFiles skipped, CachedReader? reader = null)
{
    /// <summary>Pictures in a batch that no training step needs, only a look at them: enough to keep the cores busy.</summary>
    public const int PicturesAtOnce = 32;

    /// <summary>Batches decoded ahead: enough to hide a slow picture, and all the memory that loading takes.</summary>
    private const int BatchesAhead = 3;

    private readonly CachedReader reader = reader ?? new CachedReader();
    private readonly TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;

    /// <summary>True where a batch is so many places of the sequence, and smaller, or empty, where pictures don't decode: then no batch depends on what was in those before it.</summary>
    public bool KeepsPlaces { get; init; }

    /// <summary>How a picture becomes the network's input.</summary>
    public Preprocessing Preprocessing => preprocessing;

    /// <summary>Pictures as validation sees them, the last batch smaller.</summary>
    public IEnumerable<Batch> Load(IEnumerable<ImageEntry> images, CancellationToken cancel = default) =>
        Load(images.Select(image => new LabelledImage(image, Labels.Negative)), (_, _, picture) => preprocessing.ToInput(picture), dropLast: false, preprocessing.ShorterSide, first: 0, cancel);

    /// <summary>Pictures prepared in a way of the caller's.</summary>
    /// <param name="prepare">Makes the network's input of a decoded picture, given its position in the sequence; called on many threads at once.</param>
    /// <param name="dropLast">Leaves out the last batch when it is not full.</param>
    /// <param name="first">Position in the sequence to begin at.</param>
    public IEnumerable<Batch> Load(
        IEnumerable<LabelledImage> images, Func<LabelledImage, int, RgbImage, byte[]> prepare, bool dropLast, int first = 0, CancellationToken cancel = default) =>
        Load(images, prepare, dropLast, preprocessing.ShorterSide, first, cancel);

    /// <summary>The same, read at the smaller size that is enough for crops.</summary>
    /// <inheritdoc cref="Load(IEnumerable{LabelledImage}, Func{LabelledImage, int, RgbImage, byte[]}, bool, int, CancellationToken)"/>
    public IEnumerable<Batch> LoadForTraining(
        IEnumerable<LabelledImage> images, Func<LabelledImage, int, RgbImage, byte[]> prepare, bool dropLast, int first = 0, CancellationToken cancel = default) =>
        Load(images, prepare, dropLast, preprocessing.TrainingShorterSide, first, cancel);

    /// <summary>Several views of each picture, which is decoded once.</summary>
    /// <param name="views">V, at least 1.</param>
    /// <param name="prepare">Makes the network's input for view 0 to V − 1 of a picture; called on many threads at once.</param>
    public IEnumerable<Batch> LoadViews(IEnumerable<ImageEntry> images, int views, Func<ImageEntry, int, RgbImage, byte[]> prepare, CancellationToken cancel = default) =>
        Load(
            images.Select(image => new LabelledImage(image, Labels.Negative)),
            (labelled, _, picture) => [.. Enumerable.Range(0, views).SelectMany(view => prepare(labelled.Image, view, picture))],
            dropLast: false,
            preprocessing.ShorterSide,
            first: 0,
            cancel).Select(batch => batch with { Views = views });

    private IEnumerable<Batch> Load(
        IEnumerable<LabelledImage> images, Func<LabelledImage, int, RgbImage, byte[]> prepare, bool dropLast, int shorterSide, int first, CancellationToken cancel)
    {
        using var source = images.Skip(first).GetEnumerator();
        var (position, end) = (first, first);
        var ahead = new Queue<(LabelledImage Image, Task<byte[]?> Pixels)>();
        var full = new List<(LabelledImage Image, byte[] Pixels)>(batchSize);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            while (ahead.Count < batchSize * BatchesAhead && source.MoveNext())
            {
                var (image, at) = (source.Current, position++);
                var decoding = Task.Factory.StartNew(() => Decode(image.Image, shorterSide, picture => prepare(image, at, picture)), cancel, TaskCreationOptions.None, scheduler);
                ahead.Enqueue((image, decoding));
            }

            if (!ahead.TryDequeue(out var next))
            {
                break;
            }

            end++;
            if (next.Pixels.GetAwaiter().GetResult() is { } pixels)
            {
                full.Add((next.Image, pixels));
            }

            if (KeepsPlaces ? (end - first) % batchSize == 0 : full.Count == batchSize)
            {
                yield return ToBatch(full, end);
                full.Clear();
            }
        }

        if (full.Count > 0 && !dropLast)
        {
            yield return ToBatch(full, end);
        }
    }

    private byte[]? Decode(ImageEntry image, int shorterSide, Func<RgbImage, byte[]> prepare)
    {
        if (skipped.Contains(image.Path))
        {
            return null;
        }

        try
        {
            return prepare(reader.Read(image, shorterSide));
        }
        catch (UndecodableImageException e)
        {
            skipped.Add(new SkippedFile(image.Path, e.Message));
            return null;
        }
    }

    private static Batch ToBatch(List<(LabelledImage Image, byte[] Pixels)> pictures, int end)
    {
        var pictureBytes = pictures.Select(picture => picture.Pixels.Length).FirstOrDefault(); // the same for all of a sequence
        var pixels = new byte[pictures.Count * pictureBytes];
        for (var i = 0; i < pictures.Count; i++)
        {
            pictures[i].Pixels.CopyTo(pixels, i * pictureBytes);
        }

        return new Batch(pixels, [.. pictures.Select(p => p.Image)]) { End = end };
    }
}
