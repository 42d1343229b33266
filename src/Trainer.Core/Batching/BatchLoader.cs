using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Batching;

/// <summary>Decodes pictures on several threads, ahead of the training thread, and returns them in batches and in order.</summary>
/// <param name="preprocessing">
/// The preprocessing of the run or gate that uses the pictures. It sets the size to which they are decoded, and the input that
/// <see cref="Load(IEnumerable{ImageEntry}, CancellationToken)"/> makes of them.
/// </param>
/// <param name="batchSize">N, at least 1.</param>
/// <param name="workers">How many pictures are decoded at once.</param>
/// <param name="skipped">
/// Gets the pictures that can't be decoded. Later pictures take their places, unless <see cref="KeepsPlaces"/>.
/// </param>
/// <param name="reader">Reads the pictures; without a cache when null.</param>
public sealed class BatchLoader(Preprocessing preprocessing, int batchSize, int workers, SkippedFiles skipped, CachedReader? reader = null)
{
    /// <summary>The batch size outside of training steps: enough pictures to keep all cores busy.</summary>
    public const int PicturesAtOnce = 32;

    /// <summary>Batches decoded ahead: enough to hide a slow picture. It also bounds the memory that loading takes.</summary>
    private const int BatchesAhead = 3;

    private readonly CachedReader reader = reader ?? new CachedReader();
    private readonly TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;

    /// <summary>
    /// True if every batch covers the same number of places in the sequence, so no batch depends on the batches before it.
    /// </summary>
    /// <remarks>A batch with pictures that can't be decoded is then smaller, or empty.</remarks>
    public bool KeepsPlaces { get; init; }

    /// <summary>How a picture becomes the network's input.</summary>
    public Preprocessing Preprocessing => preprocessing;

    /// <summary>Loads pictures as validation sees them; the last batch may be smaller.</summary>
    public IEnumerable<Batch> Load(IEnumerable<ImageEntry> images, CancellationToken cancel = default) =>
        Load(
            images.Select(image => new LabelledImage(image, Labels.Negative)),
            (_, _, picture) => preprocessing.ToInput(picture),
            dropLast: false,
            preprocessing.ShorterSide,
            first: 0,
            cancel);

    /// <summary>Loads pictures that the caller prepares.</summary>
    /// <param name="prepare">
    /// Makes the network's input from a decoded picture and its position in the sequence; called on several threads at once.
    /// </param>
    /// <param name="dropLast">True to leave out the last batch when it isn't full.</param>
    /// <param name="first">The position in the sequence at which to start.</param>
    public IEnumerable<Batch> Load(
        IEnumerable<LabelledImage> images, Func<LabelledImage, int, RgbImage, byte[]> prepare, bool dropLast, int first = 0,
        CancellationToken cancel = default) =>
        Load(images, prepare, dropLast, preprocessing.ShorterSide, first, cancel);

    /// <summary>The same, but pictures are decoded to the smaller size that is enough for training's random crops.</summary>
    /// <inheritdoc cref="Load(IEnumerable{LabelledImage}, Func{LabelledImage, int, RgbImage, byte[]}, bool, int, CancellationToken)"/>
    public IEnumerable<Batch> LoadForTraining(
        IEnumerable<LabelledImage> images, Func<LabelledImage, int, RgbImage, byte[]> prepare, bool dropLast, int first = 0,
        CancellationToken cancel = default) =>
        Load(images, prepare, dropLast, preprocessing.TrainingShorterSide, first, cancel);

    /// <summary>Loads several views of each picture; a picture is decoded only once.</summary>
    /// <param name="views">V, at least 1.</param>
    /// <param name="prepare">
    /// Makes the network's input for one of the views 0 to V − 1 of a picture; called on several threads at once.
    /// </param>
    public IEnumerable<Batch> LoadViews(
        IEnumerable<ImageEntry> images, int views, Func<ImageEntry, int, RgbImage, byte[]> prepare, CancellationToken cancel = default) =>
        Load(
            images.Select(image => new LabelledImage(image, Labels.Negative)),
            (labelled, _, picture) => [.. Enumerable.Range(0, views).SelectMany(view => prepare(labelled.Image, view, picture))],
            dropLast: false,
            preprocessing.ShorterSide,
            first: 0,
            cancel).Select(batch => batch with { Views = views });

    private IEnumerable<Batch> Load(
        IEnumerable<LabelledImage> images, Func<LabelledImage, int, RgbImage, byte[]> prepare, bool dropLast, int shorterSide, int first,
        CancellationToken cancel)
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
                var decoding = Task.Factory.StartNew(
                    () => Decode(image.Image, shorterSide, picture => prepare(image, at, picture)), cancel, TaskCreationOptions.None,
                    scheduler);
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
        var pictureBytes = pictures.Select(picture => picture.Pixels.Length).FirstOrDefault(); // the same for all pictures of a sequence
        var pixels = new byte[pictures.Count * pictureBytes];
        for (var i = 0; i < pictures.Count; i++)
        {
            pictures[i].Pixels.CopyTo(pixels, i * pictureBytes);
        }

        return new Batch(pixels, [.. pictures.Select(p => p.Image)]) { End = end };
    }
}
