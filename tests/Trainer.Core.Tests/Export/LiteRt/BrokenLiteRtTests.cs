using System.Text;
using Trainer.Core.Export.LiteRt;
using Trainer.Core.Export.LiteRt.Schema;
using Trainer.Core.Export.Proof.LiteRt;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Export.LiteRt;

/// <summary>Files of a small gate, which uses only the mean colour, that are broken in one place each.</summary>
public sealed class BrokenLiteRtTests
{
    private static readonly Dictionary<string, (Action<SmallGate> Break, string Message)> Damaged = new()
    {
        ["another picture"] = (gate => gate.Edge = 100, "it takes 'image', Unsigned [1, 100, 100, 3], expected"),
        ["another operator"] =
        (gate => gate.Operator = BuiltinOperator.Quantize, "'pixels' is Float, made of Unsigned, expected Signed of Unsigned"),
        ["unknown operator"] = (gate => gate.Operator = (BuiltinOperator)32, "the operator 32, which no gate has"),
        ["another version"] = (gate => gate.Version = 2, "'pixels' is made by DEQUANTIZE of version 2, expected 1 for Unsigned"),
        ["missing scale"] = (gate => gate.Scale = null, "'image' is taken for real numbers, and has no scale"),
        ["two scales"] = (gate => gate.Scale = new ByteScale([1, 1], 0), "has 2 scales and 2 zero points along axis 0"),
        ["another shape"] = (gate => gate.Pooled = [1, 1, 1, 4], "'mean' is [1, 1, 1, 3], declared as [1, 1, 1, 4]"),
        ["axes that fall away"] = (gate => gate.Reducer = new OperatorOptions(27), "'mean' drops axes"),
        ["settings of another operator"] =
        (gate => gate.Reducer = OperatorOptions.Gather(1), "a MEAN has settings of kind 23, expected 27"),
        ["unknown setting"] =
        (gate => gate.Reducer = new OperatorOptions(27, FlatField.Byte(0, 1), FlatField.Byte(1, 1)),
            "the settings of a MEAN has a field 1"),
        ["another output"] = (gate => gate.Similarity = "cosine", "it makes [embedding, cosine, accepted], expected embedding [1, 512]"),
        ["cut weights"] = (gate => gate.Weights = new float[7], "'weights' has 28 bytes, expected 6144"),
        ["another threshold than it tells"] = (gate => gate.ToldThreshold = 0.6f, "its TFLite Metadata describe TaskMetadata {"),
        ["no threshold"] = (gate => gate.Properties.Remove("threshold"), "the threshold is missing"),
        ["another preprocessing"] = (gate => gate.Properties["preprocessing_version"] = "7", "it expects preprocessing 7"),
    };

    public static TheoryData<string> Damages => [.. Damaged.Keys];

    [Fact]
    public void WholeOneIsRead()
    {
        using var gate = LiteRtGate.Load(new SmallGate().Write(), "x.tflite");

        Assert.Equal((0.5f, 128), (gate.Threshold, gate.Preprocessing.Edge));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void BrokenGateIsRefused(string damage)
    {
        var (damaging, message) = Damaged[damage];
        var gate = new SmallGate();
        damaging(gate);

        AssertRefused(gate.Write(), message);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(300)]
    [InlineData(3000)]
    public void CutFileIsRefused(int length) => AssertRefused(new SmallGate().Write()[..length], "is cut short or damaged");

    /// <summary>A file with any content is either refused or read; it never crashes the process.</summary>
    [Fact]
    public void DamagedBytesAreRefusedOrRead()
    {
        var whole = new SmallGate().Write();
        foreach (var at in Enumerable.Range(0, 150).Select(i => i * whole.Length / 150))
        {
            var file = whole.ToArray();
            file[at] ^= 0xFF;
            if (Record.Exception(() => LiteRtGate.Load(file, "x.tflite").Dispose()) is { } refused)
            {
                Assert.IsType<TrainerException>(refused);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no model")]
    public void GarbageIsRefused(string content) => AssertRefused(Encoding.UTF8.GetBytes(content), "doesn't start as 'TFL3' files do");

    [Fact]
    public void MissingFileIsRefused() =>
        Assert.StartsWith(
            "Can't read the model 'nothing.tflite'", Assert.Throws<TrainerException>(() => LiteRtGate.Open("nothing.tflite")).Message,
            StringComparison.Ordinal);

    private static void AssertRefused(byte[] model, string message)
    {
        var error = Assert.Throws<TrainerException>(() => LiteRtGate.Load(model, "x.tflite").Dispose());

        Assert.StartsWith("'x.tflite' is no LiteRT gate of this trainer: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The parts of the file, which tests break.</summary>
    private sealed class SmallGate
    {
        public int Edge { get; set; } = 128;

        public BuiltinOperator Operator { get; set; } = BuiltinOperator.Dequantize;

        public int Version { get; set; } = 1;

        public ByteScale? Scale { get; set; } = new([1], 128);

        public int[] Pooled { get; set; } = [1, 1, 1, 3];

        public OperatorOptions Reducer { get; set; } = OperatorOptions.Reducer();

        public string Similarity { get; set; } = "similarity";

        public float[] Weights { get; set; } = [.. Enumerable.Repeat(1f, 512 * 3)];

        public Dictionary<string, string> Properties { get; } = new() { ["threshold"] = "0.5", ["preprocessing_version"] = "1" };

        public float ToldThreshold { get; set; } = 0.5f;

        public byte[] Write()
        {
            var graph = new LiteRtGraph();
            var image = graph.Input("image", ElementType.Uint8, Scale, 1, Edge, Edge, 3);
            var pixels = graph.Add(Operator, "pixels", ElementType.Float32, image.Shape, [image], version: Version);
            var mean = graph.Add(BuiltinOperator.Mean, "mean", ElementType.Float32, Pooled, [pixels, graph.Wholes(1, 2)], Reducer);
            var weights = graph.Constant("weights", ElementType.Float32, Weights, [512, 3]);
            var embedding = graph.Add(
                BuiltinOperator.FullyConnected, "embedding", ElementType.Float32, [1, 512], [graph.Reshaped("row", mean, 1, 3), weights],
                version: 6);
            var similarity = graph.Reduced(BuiltinOperator.Sum, Similarity, embedding, 1);
            var decision = graph.Add(
                BuiltinOperator.GreaterEqual, "decision", ElementType.Bool, [1, 1], [similarity, graph.Number("threshold", 0.5)]);
            var accepted = graph.Add(
                BuiltinOperator.Cast, "accepted", ElementType.Float32, [1, 1], [decision],
                OperatorOptions.Cast(ElementType.Bool, ElementType.Float32));
            return LiteRtFile.Write(graph, [image], [embedding, similarity, accepted], "", Metadata());
        }

        private Dictionary<string, byte[]> Metadata()
        {
            var metadata = Properties.ToDictionary(property => property.Key, property => Encoding.UTF8.GetBytes(property.Value));
            metadata.Add(GateMetadata.Key,
                GateMetadata.Write(RandomGate.Centroid(), new Threshold(ToldThreshold, 0.95, 10), "1", Preprocessing.Default));
            return metadata;
        }
    }
}
