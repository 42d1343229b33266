using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Tests.Training;
using Trainer.Core.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export;

public sealed class OnnxExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public OnnxExportTests() => path = folder.PathOf("out/model.onnx");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ExportedGateDecidesAsTheTrainedOne()
    {
        using var trained = Gate();
        var images = Pictures();

        var result = Run(trained, path, images);

        Assert.Equal((path, new FileInfo(path).Length, images.Count), (result.File, result.Bytes, result.Parity.Pictures));
        Assert.True(result.Parity.Holds(ParityCheck.Float32Bound));
        using var exported = OnnxGate.Open(path, threads: 1);
        var batch = Loader().Load(images, TestContext.Current.CancellationToken).First();
        Assert.All(trained.Cosines(batch).Zip(exported.Cosines(batch)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void GateThatDeviatesLeavesNoFile()
    {
        using var trained = Gate(centroidValue: float.NaN);

        var error = Assert.Throws<TrainerException>(() => Run(trained, path, Pictures()));

        Assert.StartsWith("The exported model deviates: worst |Δ cosine| NaN", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.PathOf("out")));
    }

    [Fact]
    public void FileThatWasThereStandsWhenTheExportFails()
    {
        File.WriteAllText(path, "the one before");
        using var trained = Gate(centroidValue: float.NaN);

        Assert.Throws<TrainerException>(() => Run(trained, path, Pictures()));

        Assert.Equal("the one before", File.ReadAllText(path));
    }

    [Fact]
    public void WithoutAReadablePictureNothingIsProvedAndNothingWritten()
    {
        using var trained = Gate();
        folder.Write("broken/a.jpg", DrawnPictures.HalfAJpeg(0));
        var broken = ImageFolder.Scan(Path.Combine(folder.Root, "broken")).Images;

        var error = Assert.Throws<TrainerException>(() => Run(trained, path, broken));

        Assert.StartsWith("None of the run's pictures can be read", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void MissingFolderIsTheUsersError()
    {
        using var trained = Gate();
        var nowhere = Path.Combine(folder.Root, "gone", "model.onnx");

        var error = Assert.Throws<TrainerException>(() => Run(trained, nowhere, Pictures()));

        Assert.StartsWith($"Can't write '{nowhere}'", error.Message, StringComparison.Ordinal);
    }

    private static OnnxExportResult Run(TrainedGate trained, string path, IReadOnlyList<ImageEntry> images) =>
        OnnxExport.Run(trained, path, images, Loader(), threads: 2, TestContext.Current.CancellationToken);

    private IReadOnlyList<ImageEntry> Pictures() => ImageFolder.Scan(DrawnPictures.Normals(folder, "pictures", 5)).Images;

    private static BatchLoader Loader() => new(batchSize: 3, workers: 2, new SkippedFiles());

    /// <param name="centroidValue">Put into the centroid's first place.</param>
    private TrainedGate Gate(float? centroidValue = null)
    {
        var centroid = RandomGate.Centroid();
        centroid.Values[0] = centroidValue ?? centroid.Values[0];
        return TrainedGate.Load(RandomGate.Save(folder.PathOf("best.ckpt"), centroid, threshold: -1), CPU);
    }
}
