using Trainer.Core.Batching;
using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Proof;
using Trainer.Core.Fitting;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Training;
using Trainer.Core.Training.Planning;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export;

/// <summary>A run on drawn pictures with a closed-form gate.</summary>
public sealed class FittedRun : IDisposable
{
    private const int Count = 40;

    private readonly TemporaryFolder folder = new();

    public FittedRun()
    {
        var options = new TrainingOptions
        {
            Normal = DrawnPictures.Normals(folder, "normal", Count),
            Coco = DrawnPictures.Negatives(folder, "coco", Count),
            Out = folder.PathOf("run"),
        };
        var data = TrainingData.Scan(options, new CachedReader(), threads: 2, new SkippedFiles(), _ => { });
        Run = RunFolder.Create(options.Out);
        PartsFile.Write(Run.Parts, data.Normals, data.Negatives);
        var counts = (PartCounts.Of(data.Normals), PartCounts.Of(data.Negatives));
        Run.WriteRecord(new RunRecord(
            SavedOptions.Of(options), "1", "1", "1", "cpu", 2, "random", data.Fingerprint, counts.Item1, counts.Item2));
        File.WriteAllText(Run.Gate, "{}");
        manual_seed(1);
        using var network = new EmbeddingNetwork(FeatureKind.Depths);
        network.eval();
        var photos = new GatePhotos(data.Normals.Train, data.Normals.Calibration, data.Normals.Test, data.Negatives.Train);
        Found = new ClosedFormGate(network, CPU, new BatchLoader(Preprocessing.Default, 32, 2, new SkippedFiles()))
            .Fit(photos, data.Negatives.Calibration, 0.95);
        RandomGate.Save(Run.BestCheckpoint, network, Found.Centroid, Found.Threshold.Cosine);
        Checkpoint = File.ReadAllBytes(Run.BestCheckpoint);
        Pictures = RunPictures.HeldOut(Run, _ => { });
    }

    internal RunFolder Run { get; }

    internal HeldOutPictures Pictures { get; }

    internal ValidationResult Found { get; }

    /// <summary>The bytes of the checkpoint, which tests change.</summary>
    public byte[] Checkpoint { get; }

    public void Dispose() => folder.Dispose();
}

/// <summary>Tests an int8 closed-form gate, whose head is computed from its own rounded layers' features of the run's pictures.</summary>
public sealed class OwnHeadTests : IClassFixture<FittedRun>
{
    private readonly RunFolder run;
    private readonly HeldOutPictures pictures;
    private readonly ValidationResult found;

    public OwnHeadTests(FittedRun fitted)
    {
        (run, pictures, found) = (fitted.Run, fitted.Pictures, fitted.Found);
        File.WriteAllBytes(run.BestCheckpoint, fitted.Checkpoint);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.04f, true)] // calibrated later, for another accept rate or with other photos
    [InlineData(0, false)]
    public void FileInBytesPassesByAurocAndAcceptance(float raised, bool knowsHeldOut)
    {
        using (var fitted = TrainedGate.Load(run.BestCheckpoint, CPU))
        {
            var checkpoint = fitted.Checkpoint with { Threshold = fitted.Checkpoint.Threshold with { Cosine = fitted.Threshold + raised } };
            CheckpointFile.ReplaceGate(run.BestCheckpoint, knowsHeldOut ? checkpoint with { HeldOut = found.HeldOut } : checkpoint);
        }

        using var gate = TrainedGate.Load(run.BestCheckpoint, CPU);

        var candidate = Make(gate);
        var parity = Assert.Single(
            new ParityCheck(workers: 2) { TimedRuns = 0 }.Compare(
            gate, [candidate], pictures.All, cancel: TestContext.Current.CancellationToken));

        Assert.True(parity.HasOwnHead);
        Assert.Equal("", $"{parity.Objection}");
        Assert.Equal(parity.AcceptedBefore, parity.AcceptedAfter, 0.1);
        Assert.Equal(1, parity.AurocAfter, 0.01);
        Assert.Equal(gate.Threshold, ((OnnxGate)candidate.Gate).Threshold);
        Assert.InRange(candidate.Bytes, 2_800_000, 3_200_000);
    }

    [Fact]
    public void PicturesThatAreGoneAreTheUsersError()
    {
        using var gate = TrainedGate.Load(run.BestCheckpoint, CPU);
        string[] gone = [.. RunParts.Find(run, SetLabel.Normal).Train.Take(10).Select(picture => picture.Path)];
        Array.ForEach(gone, path => File.Move(path, path + ".away"));

        var error = Assert.Throws<TrainerException>(() => Make(gate));

        Array.ForEach(gone, path => File.Move(path + ".away", path));

        Assert.StartsWith("Of the 28 photos of the subject that trained the run only 18 are in '", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("put them back, or export --precision fp32 or fp16.", error.Message, StringComparison.Ordinal);
    }

    private ExportCandidate Make(TrainedGate gate)
    {
        var batches = new BatchLoader(Preprocessing.Default, 4, workers: 1, new SkippedFiles())
            .Load([.. pictures.Calibration.Select(picture => picture.Image)]);
        return OnnxCandidate.Make(
            gate, run.Onnx, GateInput.Picture, Precision.Int8, () => Int8Network.Of(gate, batches, new OwnHead(run, workers: 2)));
    }
}
