using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Ranks;
using Trainer.Core.Tests.Imaging;
using Trainer.Core.Tests.Ranks;
using Trainer.Core.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Fitting;

/// <summary>Uses the mean colours of the picture's sixteen places as features: 48 numbers, without any network.</summary>
public sealed class GateFitterTests : IDisposable
{
    private const int FeatureSize = 48;
    private const int EmbeddingSize = 16;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheGateAcceptsTheSubjectAndRejectsOtherPhotos()
    {
        var gate = Fit(Photos(), 0.95);

        Assert.All(Cosines(gate, Scan(DrawnPictures.Normals(folder, "more", 6, first: 100))), cosine =>
            Assert.InRange(cosine, gate.Threshold.Cosine, 1));
        Assert.All(Cosines(gate, Scan(DrawnPictures.Negatives(folder, "others", 6, first: 100))), cosine =>
            Assert.InRange(cosine, 0, gate.Threshold.Cosine));
    }

    [Fact]
    public void TheThresholdLiesAtFortyFiveDegrees()
    {
        var gate = Fit(Photos(), 0.9);

        Assert.Equal(Math.Sqrt(0.5), gate.Threshold.Cosine, 6);
        Assert.Equal(30, gate.Threshold.CalibrationCount); // all but the test's
        Assert.Equal(35, gate.NormalCount);
        Assert.Equal(35, gate.HeldOut.Count);
    }

    [Fact]
    public void PhotosOfTheUsersChoiceSetTheThresholdAlone()
    {
        var gate = Fit(Photos() with { AreAlike = false }, 0.9);

        Assert.Equal(10, gate.Threshold.CalibrationCount);
        Assert.Equal(35, gate.NormalCount);
        Assert.Equal(15, gate.HeldOut.Count);
    }

    [Fact]
    public void AtAnAcceptRateOfOneEveryCalibrationPhotoIsAccepted() =>
        Assert.All(Fit(Photos(), 1).Cosines, cosine => Assert.InRange(cosine, (float)Math.Sqrt(0.5) - 1e-6f, 1));

    [Fact]
    public void ACalibrationPhotoIsJudgedByAHeadThatItTookNoPartIn()
    {
        var photos = Photos()
            with
        {
            Calibration =
            [.. Scan(DrawnPictures.Normals(folder, "calibration", 9, first: 50)),
            .. Scan(DrawnPictures.Negatives(folder, "odd", 1, first: 70))]
        };

        var gate = Fit(photos, 0.9);

        var (odd, known) = (gate.Cosines[photos.Calibration.Count - 1], Cosines(gate, photos.Calibration)[^1]);
        Assert.True(odd < known - 0.01, $"The odd one out has {odd} by the others, {known} by a head that knows it.");
    }

    [Fact]
    public void KnownLookAlikesLieFartherOut()
    {
        var photos = Photos();
        var (known, others) = (LookAlikes("known", 12, first: 200), LookAlikes("others", 6, first: 300));

        var (without, with) = (Fit(photos, 0.95), Fit(photos with { LookAlikes = known }, 0.95));

        Assert.Equal(without.Head.EmbeddingSize, with.Head.EmbeddingSize);
        Assert.Equal(without.Threshold.Cosine, with.Threshold.Cosine, 1e-6f);
        var (before, after) = (Cosines(without, others), Cosines(with, others));
        Assert.True(after.Average() < before.Average() - 0.05, $"{after.Average()} after {before.Average()}");
    }

    /// <summary>Drawn like the subject, except for a slightly bluer corner.</summary>
    private IReadOnlyList<ImageEntry> LookAlikes(string name, int count, int first)
    {
        foreach (var image in Scan(DrawnPictures.Normals(folder, name + " before", count, first)))
        {
            var picture = ImageDecoder.Decode(image.Path);
            for (var at = 0; at < picture.Pixels.Length; at += 3)
            {
                var (x, y) = (at / 3 % picture.Width, at / 3 / picture.Width);
                picture.Pixels[at + 2] =
                    (byte)Math.Min(picture.Pixels[at + 2] + (x < picture.Width / 4 && y < picture.Height / 4 ? 40 : 0), 255);
            }

            Directory.CreateDirectory(folder.PathOf(name));
            picture.Save(folder.PathOf($"{name}/{Path.GetFileNameWithoutExtension(image.Name)}.png"));
        }

        return Scan(folder.PathOf(name));
    }

    [Fact]
    public void TheSamePhotosGiveTheSameGate()
    {
        var photos = Photos();

        Assert.Equal(Fit(photos, 0.95).Head.Weights, Fit(photos, 0.95).Head.Weights);
    }

    /// <summary>With photos of all kinds, some of which can't be read.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void AnyNumberOfRanksComesToTheSameGate(int size)
    {
        folder.Write("coco/999.jpg", DrawnPictures.HalfAJpeg(3));
        folder.Write("calibration/010.jpg", DrawnPictures.HalfAJpeg(3));
        var photos = Photos() with { AreAlike = false, LookAlikes = Scan(DrawnPictures.Negatives(folder, "leaves", 5, first: 700)) };
        FittedGate Fit(ICommunicator ranks) => new GateFitter(
            Describe, FeatureSize, new BatchLoader(Preprocessing.Default, 8, 2, new SkippedFiles()), portions: new Portions(ranks, 4))
            .Fit(photos, 0.95, EmbeddingSize);
        var alone = Fit(new SingleRank());

        var shared = MemoryRanks.Run(size, Fit);

        Assert.All(shared, gate =>
        {
            Assert.Equal((alone.Threshold, alone.NormalCount), (gate.Threshold, gate.NormalCount));
            Assert.Equal(alone.Head.Weights, gate.Head.Weights);
            Assert.Equal(alone.Head.Bias, gate.Head.Bias);
            Assert.Equal(alone.HeldOut, gate.HeldOut);
        });
    }

    [Fact]
    public void APhotoThatCantBeReadIsLeftOut()
    {
        folder.Write("calibration/999.jpg", DrawnPictures.HalfAJpeg(3));
        var skipped = new SkippedFiles();

        var gate = Fit(Photos(), 0.95, skipped);

        Assert.Equal(30, gate.Threshold.CalibrationCount);
        Assert.Single(skipped.All);
    }

    [Fact]
    public void WithoutCalibrationPhotosThereIsNoThreshold()
    {
        var error = Assert.Throws<TrainerException>(() => Fit(Photos() with { Calibration = [] }, 0.95));

        Assert.Contains("None of the calibration normals", error.Message, StringComparison.Ordinal);
    }

    private GatePhotos Photos() => new(
        Scan(DrawnPictures.Normals(folder, "normal", 20)),
        Scan(DrawnPictures.Normals(folder, "calibration", 10, first: 50)),
        Scan(DrawnPictures.Normals(folder, "test", 5, first: 80)),
        Scan(DrawnPictures.Negatives(folder, "coco", 30)));

    private static FittedGate Fit(GatePhotos photos, double accept, SkippedFiles? skipped = null) =>
        new GateFitter(Describe, FeatureSize, new BatchLoader(Preprocessing.Default, 8, 2, skipped ?? new SkippedFiles()))
            .Fit(photos, accept, EmbeddingSize);

    private static float[] Cosines(FittedGate gate, IReadOnlyList<ImageEntry> images) =>
    [
        .. new BatchLoader(Preprocessing.Default, 8, 2, new SkippedFiles()).Load(images)
        .SelectMany(batch => Places(batch).Chunk(FeatureSize))
            .Select(features => (float)ClosedFormHead.CosineAt(gate.Head.Distance(features), gate.Head.Bias[0])),
    ];

    private static IReadOnlyList<ImageEntry> Scan(string path) => ImageFolder.Scan(path).Images;

    private static Tensor Describe(Batch batch) => tensor(Places(batch), [batch.Images.Count * batch.Views, FeatureSize]);

    private static float[] Places(Batch batch)
    {
        const int Edge = 128, Place = Edge / 4;
        var result = new float[batch.Images.Count * batch.Views * FeatureSize];
        for (var i = 0; i < batch.Pixels.Length; i++)
        {
            var (picture, at) = (i / (Edge * Edge * 3), i / 3 % (Edge * Edge));
            var place = (at / Edge / Place * 4) + (at % Edge / Place);
            result[(picture * FeatureSize) + (place * 3) + (i % 3)] += batch.Pixels[i] / (255f * Place * Place);
        }

        return result;
    }
}
