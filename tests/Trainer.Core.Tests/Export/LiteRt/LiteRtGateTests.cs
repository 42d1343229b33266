using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Proof.LiteRt;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Export.CoreMl;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export.LiteRt;

/// <summary>Compares the written file, read and run without the writers' code, with the network that it was made from.</summary>
public sealed class LiteRtGateTests
{
    [Theory]
    [InlineData(FeatureKind.Pooled, Precision.Fp32, 1e-4)]
    [InlineData(FeatureKind.Pooled, Precision.Fp16, 5e-3)]
    [InlineData(FeatureKind.Depths, Precision.Fp32, 1e-5)]
    [InlineData(FeatureKind.Depths, Precision.Fp16, 5e-3)]
    public void GivesTheNetworksEmbeddingsAndCosines(FeatureKind kind, Precision precision, double bound)
    {
        using var gate = WrittenLiteRtGates.Open(kind, precision);
        var subject = WrittenGates.SubjectOf(kind);

        Assert.Equal(WrittenGates.AcceptedOf(kind).Cosine, gate.Threshold);
        var seen = new HashSet<double>();
        foreach (var (place, picture) in WrittenGates.Pictures(3).Index())
        {
            using var scope = NewDisposeScope();
            var expected = WrittenGates.EmbeddingsOf(kind)[place];
            Assert.Equal(subject.Cosines(expected)[0], gate.Judge(picture).Similarity, bound);
            // A single number differs more than the cosine.
            Assert.All(expected[0].ToArray().Zip(gate.Run(picture.Pixels).Embedding.data<float>()), pair =>
                Assert.Equal(pair.First, pair.Second, 2 * bound));
            Assert.True(seen.Add(Math.Round(subject.Cosines(expected)[0], 2)));
        }
    }

    /// <summary>
    /// Both formats hold the same int8 network and have separate readers. A runtime may round a tie to the other byte, but nothing more.
    /// </summary>
    [Theory]
    [InlineData(FeatureKind.Pooled, 5e-3)]
    [InlineData(FeatureKind.Depths, 1e-2)]
    public void BytesAreThoseOfTheOnnxFile(FeatureKind kind, double bound)
    {
        using var gate = WrittenLiteRtGates.Open(kind, Precision.Int8);
        using var onnx = OnnxGate.Load(
            OnnxGateModel.Write(
                WrittenLiteRtGates.Bytes(kind), WrittenGates.SubjectOf(kind), WrittenGates.AcceptedOf(kind), "1.2.3", GateInput.Tensor,
            Preprocessing.Default), threads: 1, "gate.onnx");

        Assert.All(WrittenGates.Pictures(4), picture =>
            Assert.Equal(onnx.Judge(picture).Similarity, gate.Judge(picture).Similarity, bound));
    }

    [Fact]
    public void TellsWhatItIs()
    {
        var told = TaskMetadata.Read(ModelFile.Read(WrittenLiteRtGates.Model(FeatureKind.Depths, Precision.Fp32)));

        Assert.StartsWith(
            "A gate that accepts pictures of one subject and rejects everything else. Accepted when similarity >= 0.70710677.",
            told.Description, StringComparison.Ordinal);
        Assert.Contains(WrittenGates.SubjectOf(FeatureKind.Depths).Sha256, told.Description, StringComparison.Ordinal);
        Assert.Equal(["image", "embedding", "similarity", "accepted"], told.Names);
    }

    [Fact]
    public void DecisionIsTheModels()
    {
        using var gate = WrittenLiteRtGates.Open(FeatureKind.Pooled, Precision.Fp32);

        var judgements = WrittenGates.Pictures(6).Select(gate.Judge).ToArray();

        Assert.Contains(judgements, judgement => judgement.Accepted);
        Assert.Contains(judgements, judgement => !judgement.Accepted);
        Assert.All(judgements, judgement => Assert.Equal(judgement.Similarity >= WrittenGates.Accepted.Cosine, judgement.Accepted));
    }

    [Theory]
    [InlineData(FeatureKind.Pooled, Precision.Fp32, 11.4, 11.6)]
    [InlineData(FeatureKind.Pooled, Precision.Fp16, 5.7, 5.85)]
    [InlineData(FeatureKind.Pooled, Precision.Int8, 3.0, 3.2)]
    [InlineData(FeatureKind.Depths, Precision.Int8, 2.9, 3.1)]
    [InlineData(FeatureKind.Depths, Precision.Fp32, 11.0, 11.3)]
    [InlineData(FeatureKind.Depths, Precision.Fp16, 5.5, 5.7)]
    public void SizesAreThoseOfThePrecision(FeatureKind kind, Precision precision, double least, double most) =>
        Assert.InRange(WrittenLiteRtGates.Model(kind, precision).Length / 1e6, least, most);
}
