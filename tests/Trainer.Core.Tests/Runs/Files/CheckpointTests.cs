using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using Trainer.Core.Platform;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Weights;
using Trainer.Core.Tests.Weights.Safetensors;
using Trainer.Core.Training;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Runs.Files;

public sealed class CheckpointTests : IDisposable
{
    private static readonly Checkpoint Some = new(
        Epoch: 4,
        Step: 123,
        new Centroid([.. Enumerable.Range(0, EmbeddingNetwork.EmbeddingSize).Select(i => i / 1000f)], Count: 17, Concentration: 0.1 + 0.2),
        new Threshold(0.123456789f, PromisedAcceptRate: 0.95, CalibrationCount: 17),
        OptionsJson: """{"normal":"Reis ü","epochs":5}""")
    {
        Preprocessing = new Preprocessing(160),
    };

    private readonly TemporaryFolder folder = new();
    private readonly EmbeddingNetwork network = new();

    public void Dispose()
    {
        network.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void WhatIsSavedIsLoaded()
    {
        using var other = new EmbeddingNetwork();

        var loaded = Checkpoint.Load(Saved(), other);

        Assert.Equal(Some.Centroid.Values, loaded.Centroid.Values);
        // Arrays only equal themselves.
        Assert.Equal(Some, loaded with { Centroid = loaded.Centroid with { Values = Some.Centroid.Values } });
        Assert.All(StateDict.Save(network).Zip(StateDict.Save(other)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public void CalibrationPhotosStayKnownAndAreReadOffTheHeldOutOnesOfOlderFiles()
    {
        var photos = Enumerable.Range(0, 30).ToDictionary(i => (ulong)i, i => i / 30f);
        var others = Nearness.Among(photos.Values.Select(cosine => cosine / 2))!; // enough of them
        var path = Saved();

        CheckpointFile.ReplaceGate(path, Some with { HeldOut = photos, Nearness = others });

        Assert.Equal(others.Table, Checkpoint.Load(path, network).Nearness!.Table);

        CheckpointFile.ReplaceGate(path, Some with { HeldOut = photos, Nearness = null });
        Assert.Equal(Nearness.Among(photos.Values)!.Table, Checkpoint.Load(path, network).Nearness!.Table);
    }

    [Fact]
    public void WithoutASizeItIsOf128() => // as in versions without a choice
        Assert.Equal(Preprocessing.Default, Checkpoint.Load(Changed(metadata => metadata.Remove("size")), network).Preprocessing);

    [Fact]
    public void HoldsAllThatAResumeNeeds()
    {
        var tensors = SafetensorsFile.Read(Saved()).Tensors;

        Assert.Contains("head.W", tensors.Keys);
        Assert.All(
            ["optimizer.features.", "optimizer.embedding.", "optimizer.classes."],
            group => Assert.Contains(tensors.Keys, name => name.StartsWith(group, StringComparison.Ordinal)));
    }

    [Fact]
    public void OtherSafetensorsFileIsRefused()
    {
        var path = folder.PathOf("weights.safetensors");
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network)));

        Assert.Equal($"'{path}' is a safetensors file, but no checkpoint of a run.", Refusal(path));
    }

    [Theory]
    [InlineData("version", "3",
        "has format 3, and this trainer reads formats up to 2: a newer trainer wrote it. Update trainer, or use the one that wrote it.")]
    [InlineData("preprocessing", "99", "has preprocessing 99; this trainer reads 1")]
    [InlineData("format", "something", "no checkpoint of a run")]
    [InlineData("epoch", "second", "is damaged")]
    [InlineData("size", "130", "is damaged: its size is 130, expected one of 128, 160, 192, 224.")]
    [InlineData("step", "99999999999", "is damaged")]
    [InlineData("centroid", "null", "is damaged")]
    [InlineData("threshold", "{}", "is damaged")]
    [InlineData("threshold", "0.5", "is damaged")]
    public void OtherMetadataIsRefused(string key, string value, string message) =>
        Assert.Contains(message, Refusal(Changed(metadata => metadata[key] = value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("version", "has version (none); this trainer reads 2")]
    [InlineData("options", "is damaged")]
    [InlineData("threshold", "is damaged")]
    public void MissingMetadataIsRefused(string key, string message) =>
        Assert.Contains(message, Refusal(Changed(metadata => metadata.Remove(key))), StringComparison.Ordinal);

    [Theory]
    [InlineData("network.features.0.0.weight", "features.0.0.weight")]
    [InlineData("network.fc.bias", "fc.bias")]
    [InlineData("network.features.0.1.num_batches_tracked", "features.0.1.num_batches_tracked")]
    public void LackingATensorIsRefused(string name, string message) =>
        Assert.Contains(message, Refusal(Changed(tensors: all => all.Where(tensor => tensor.Name != name))), StringComparison.Ordinal);

    [Fact]
    public void CentroidOfAnotherLengthIsRefused()
    {
        var path = Changed(
            tensors: all => all.Select(tensor => tensor.Name == "gate.centroid" ? Checkpoints.Floats(tensor.Name, [3], 1, 0, 0) : tensor));

        Assert.Contains("centroid", Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void TruncatedFileIsRefused(int length)
    {
        var path = folder.Write("short.ckpt", File.ReadAllBytes(Saved()).AsSpan(0, length));

        Assert.Contains(path, Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.01)] // somewhere in the numbers
    [InlineData(0.5)]
    [InlineData(0.999999)]
    public void OneChangedBitIsFound(double place)
    {
        var bytes = File.ReadAllBytes(Saved());
        const int AfterHeader = 60_000;
        bytes[AfterHeader + (int)(place * (bytes.Length - AfterHeader))] ^= 1;

        Assert.EndsWith("is damaged: its checksum doesn't fit its content, so something changed after it was written.",
            Refusal(folder.Write("changed.ckpt", bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedMetadataIsFound() => Assert.Contains("checksum", Refusal(Changed(metadata =>
    {
        metadata["version"] = "2";
        metadata["checksum"] = SafetensorsFile.Read(Saved()).Metadata["checksum"];
        metadata["step"] = "124";
    })), StringComparison.Ordinal);

    [Fact]
    public void CheckpointBetweenValidationsIsNoGate()
    {
        var path = Changed(tensors: all => all.Where(tensor => tensor.Name != "gate.centroid"));

        Assert.Equal($"'{path}' holds no gate: it was saved between two validations, to go on from. Use best.ckpt.", Refusal(path));
    }

    [Fact]
    public void MissingFileIsRefused() => Assert.Contains("nothing.ckpt", Refusal(folder.PathOf("nothing.ckpt")), StringComparison.Ordinal);

    private string Saved()
    {
        var options = new TrainingOptions { Normal = "n", Coco = "c", Out = "o" };
        using var head = new ArcFaceHead(2, EmbeddingNetwork.EmbeddingSize, 0.5, 16);
        using var updater = new Updater(network, head, options, startsRandom: true);
        var path = folder.PathOf("best.ckpt");
        Some.Save(path, new Learner(network, new GateRecipe(head, new EpochSampler([], [], 2, seed: 0), Classes: null), updater).Tensors());
        return path;
    }

    /// <summary>A checkpoint with other metadata or tensors.</summary>
    private string Changed(
        Action<Dictionary<string, string>>? metadata = null, Func<IEnumerable<WeightTensor>, IEnumerable<WeightTensor>>? tensors = null)
    {
        var file = SafetensorsFile.Read(Saved());
        var changed = new Dictionary<string, string>(file.Metadata);
        changed["version"] = "1"; // the version without checksums, so that each part is checked separately
        changed.Remove("checksum");
        metadata?.Invoke(changed);
        var path = folder.PathOf("changed.ckpt");
        AtomicFile.Write(path, stream =>
            SafetensorsFile.Write(stream, tensors?.Invoke(file.Tensors.Values) ?? file.Tensors.Values, changed));
        return path;
    }

    private string Refusal(string path) => Assert.Throws<TrainerException>(() => Checkpoint.Load(path, network)).Message;
}
