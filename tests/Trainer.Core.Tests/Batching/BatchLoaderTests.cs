using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Randomness;
using Trainer.Core.Tests.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Batching;

public sealed class BatchLoaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SkippedFiles skipped = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void OrderIsKept(int workers)
    {
        var images = Pictures(23); // of very different sizes, so that later ones are ready first

        var batches = new BatchLoader(Preprocessing.Default, batchSize: 5, workers, skipped).Load(images).ToArray();

        Assert.Equal([5, 5, 5, 5, 3], batches.Select(batch => batch.Images.Count));
        Assert.Equal(images, batches.SelectMany(batch => batch.Images).Select(image => image.Image));
        for (var i = 0; i < images.Length; i++)
        {
            Assert.Equal(Preprocessing.Default.ToInput(ImageDecoder.Decode(images[i].Path)), PixelsOf(batches[i / 5], i % 5));
        }
    }

    [Fact]
    public void WorkersDoNotChangeWhatTrainingSees()
    {
        var images = Labelled(Pictures(17));

        var one = Augmented(new BatchLoader(Preprocessing.Default, 4, workers: 1, skipped), images);
        var four = Augmented(new BatchLoader(Preprocessing.Default, 4, workers: 4, skipped), images);

        Assert.Equal(one, four);
    }

    /// <summary>Where batches keep their places, a broken picture leaves a gap; elsewhere the pictures behind it move up.</summary>
    [Theory]
    [InlineData(true, "0 2|5", 6)]
    [InlineData(false, "0 2 5", 6)]
    public void BatchesKeepTheirPlacesWhereTheyAreToldTo(bool keepsPlaces, string expected, int end)
    {
        ImageEntry[] images =
            [.. Pictures(6).Select(
            (image, i) => i is 1 or 3 or 4 ? image with { Path = folder.Write($"broken {i}.jpg", [1, 2, 3]) } : image)];

        var batches = new BatchLoader(Preprocessing.Default, batchSize: 3, workers: 2, skipped) { KeepsPlaces = keepsPlaces }.Load(images)
            .ToArray();

        Assert.Equal(expected,
            string.Join('|', batches.Select(batch => string.Join(' ', batch.Images.Select(image => Array.IndexOf(images, image.Image))))));
        Assert.Equal(end, batches[^1].End);
    }

    [Fact]
    public void ABatchOfBrokenPicturesAloneIsEmpty()
    {
        ImageEntry[] images =
            [.. Pictures(3).Select((image, i) => i < 2 ? image with { Path = folder.Write($"broken {i}.jpg", [1, 2, 3]) } : image)];

        var batches = new BatchLoader(Preprocessing.Default, batchSize: 2, workers: 2, skipped) { KeepsPlaces = true }.Load(images)
            .ToArray();

        Assert.Equal([0, 1], batches.Select(batch => batch.Images.Count));
    }

    [Fact]
    public void PositionInTheSequenceDecidesTheGenerator()
    {
        var images = Labelled(Pictures(7));
        var loader = new BatchLoader(Preprocessing.Default, 3, workers: 2, skipped);

        var batches = loader.Load(images, Cropped, dropLast: false).ToArray();

        for (var i = 0; i < images.Length; i++)
        {
            var expected = Augmentation.ToInput(ImageDecoder.Decode(images[i].Image.Path), AugmentationMode.CropAndFlip, At(i), 128);
            Assert.Equal(expected, PixelsOf(batches[i / 3], i % 3));
        }
    }

    [Fact]
    public void GoingThroughTwiceGivesTheSame()
    {
        var loaded = new BatchLoader(Preprocessing.Default, 3, workers: 2, skipped).Load(Labelled(Pictures(7)), Cropped, dropLast: false);

        Assert.Equal(loaded.SelectMany(batch => batch.Pixels).ToArray(), loaded.SelectMany(batch => batch.Pixels).ToArray());
    }

    [Fact]
    public void LabelsStayWithTheirPictures()
    {
        var images = Labelled(Pictures(9));

        var batches = new BatchLoader(Preprocessing.Default, 4, workers: 3, skipped).Load(images, Plain, dropLast: false).ToArray();

        Assert.Equal(images, batches.SelectMany(batch => batch.Images));
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(9, 2)]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    public void DropLastLeavesOnlyFullBatches(int count, int batches)
    {
        var images = Labelled(Pictures(count));

        var loaded = new BatchLoader(Preprocessing.Default, 4, workers: 2, skipped).Load(images, Plain, dropLast: true).ToArray();

        Assert.Equal(batches, loaded.Length);
        Assert.All(loaded, batch => Assert.Equal(4, batch.Images.Count));
    }

    [Fact]
    public void BrokenPicturesAreNamedAndTheNextMoveUp()
    {
        var images = Pictures(10).ToList();
        images.Insert(0, Broken("zero.jpg"));
        images.Insert(4, Broken("text.jpg", (byte)'h', (byte)'i'));
        images.Add(Broken("bmp.bmp", (byte)'B', (byte)'M', 0));
        images.Add(new ImageEntry(folder.PathOf("gone.jpg"), "gone.jpg", 1, 1));

        var batches = new BatchLoader(Preprocessing.Default, 4, workers: 3, skipped).Load(images).ToArray();

        Assert.Equal([4, 4, 2], batches.Select(batch => batch.Images.Count));
        Assert.Equal(images.Select(image => image.Name).Except(["zero.jpg", "text.jpg", "bmp.bmp", "gone.jpg"]),
            batches.SelectMany(batch => batch.Images).Select(image => image.Image.Name));
        Assert.Equal(
            [
                ("bmp.bmp", "begins like a BMP, but its header isn't one"),
                ("gone.jpg", "the file is gone"),
                ("text.jpg", "not a picture"),
                ("zero.jpg", "the file is empty"),
            ],
            skipped.All.Select(file => (Path.GetFileName(file.Path), file.Reason)));
    }

    [Fact]
    public void SkippedFileIsToldOnceAndNotTriedAgain()
    {
        var told = new List<string>();
        skipped.Skipped += file =>
        {
            lock (told)
            {
                told.Add(Path.GetFileName(file.Path));
            }
        };
        var broken = Broken("broken.jpg");
        ImageEntry[] images = [broken, .. Pictures(3), broken];
        var loader = new BatchLoader(Preprocessing.Default, 2, workers: 2, skipped);
        _ = loader.Load(images).Count();
        Drawn.Soft(20, 20).Save(broken.Path); // repaired by now, but a run keeps what it found first

        var again = loader.Load(images).Sum(batch => batch.Images.Count);

        Assert.Equal(["broken.jpg"], told);
        Assert.Equal(3, again);
    }

    [Fact]
    public void AllBrokenGivesNoBatch() =>
        Assert.Empty(new BatchLoader(Preprocessing.Default, 2, workers: 2, skipped)
            .Load([Broken("a.jpg"), Broken("b.jpg"), Broken("c.jpg")]));

    [Fact]
    public void NothingIsReadFurtherAheadThanThreeBatches()
    {
        var image = Pictures(1)[0];
        var read = 0;
        IEnumerable<ImageEntry> Endless()
        {
            while (true)
            {
                read++;
                yield return image;
            }
        }

        var taken = 0;
        foreach (var batch in new BatchLoader(Preprocessing.Default, 4, workers: 4, skipped).Load(Endless()))
        {
            taken += batch.Images.Count;
            Assert.InRange(read - taken, 0, 3 * 4);
            if (taken == 40)
            {
                break;
            }
        }

        Assert.Equal(40, taken);
    }

    [Fact]
    public void NothingIsReadBeforeItIsAskedFor()
    {
        var failing = Pictures(1).Select<ImageEntry, ImageEntry>(_ => throw new InvalidOperationException());

        var loaded = new BatchLoader(Preprocessing.Default, 2, workers: 2, skipped).Load(failing);

        Assert.Throws<InvalidOperationException>(() => loaded.First());
    }

    [Fact]
    public void CancellingEndsIt()
    {
        using var source = new CancellationTokenSource();
        var image = Pictures(1)[0];
        var batches = 0;

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in new BatchLoader(Preprocessing.Default, 2, workers: 2, skipped)
                .Load(Enumerable.Repeat(image, 1000), source.Token))
            {
                if (++batches == 3)
                {
                    source.Cancel();
                }
            }
        });
        Assert.Equal(3, batches);
    }

    [Fact]
    public void CancelledBeforehandGivesNothing() => Assert.ThrowsAny<OperationCanceledException>(() =>
        new BatchLoader(Preprocessing.Default, 2, workers: 2, skipped).Load(Pictures(3), new CancellationToken(canceled: true)).Count());

    private static byte[] Cropped(LabelledImage image, int position, RgbImage picture) =>
        Augmentation.ToInput(picture, AugmentationMode.CropAndFlip, At(position), 128);

    private static byte[] Plain(LabelledImage image, int position, RgbImage picture) => Preprocessing.Default.ToInput(picture);

    private static CounterRandom At(int position) => new(3, (ulong)position);

    private static byte[] Augmented(BatchLoader loader, LabelledImage[] images) =>
        [.. loader.Load(images, Cropped, dropLast: false).SelectMany(batch => batch.Pixels)];

    private static LabelledImage[] Labelled(ImageEntry[] images) =>
        [.. images.Select((image, i) => new LabelledImage(image, i % 3 == 0 ? 1 : 0))];

    private static byte[] PixelsOf(Batch batch, int index) => batch.Pixels[(index * 128 * 128 * 3)..((index + 1) * 128 * 128 * 3)];

    private ImageEntry[] Pictures(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var edge = i % 4 == 0 ? 400 : 40;
        return new ImageEntry(Drawn.Soft(edge, edge + i, seed: i).Save(folder.PathOf($"{i:d3}.png")), $"{i:d3}.png", 1, (ulong)i);
    })];

    private ImageEntry Broken(string name, params ReadOnlySpan<byte> content) => new(folder.Write(name, content), name, content.Length, 1);
}
