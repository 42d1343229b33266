using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Imaging;
using Trainer.Core.Tests.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Export;

/// <summary>Compares the graph's preprocessing with training's, pixel by pixel. Both give 8 bits, so differences are whole steps.</summary>
public sealed class PictureInputTests : IDisposable
{
    /// <summary>A sum within float32's error of a half may round either way; nothing else may differ.</summary>
    private const double ShareThatMayRoundTheOtherWay = 0.0005;

    private readonly InferenceSession session = new(Graph(128));

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData(128, 128)]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(50, 1)]
    [InlineData(3, 7)]
    [InlineData(127, 129)]
    [InlineData(97, 131)]
    [InlineData(256, 256)]
    [InlineData(480, 640)]
    [InlineData(641, 480)]
    [InlineData(2048, 129)]
    [InlineData(4001, 3000)]
    public void SeesWhatTrainingSaw(int width, int height)
    {
        var picture = Drawn.Noise(width, height, seed: 1);

        var seen = See(picture.Pixels, 1, width, height);

        AssertSame(Preprocessing.Default.ToInput(picture), seen);
    }

    [Fact]
    public void SoftPictureIsTheSameToo()
    {
        var picture = Drawn.Soft(1920, 1080);

        AssertSame(Preprocessing.Default.ToInput(picture), See(picture.Pixels, 1, 1920, 1080));
    }

    [Fact]
    public void EveryPictureOfABatchIsSeenAlone()
    {
        var pictures = Enumerable.Range(0, 3).Select(seed => Drawn.Noise(150, 90, (ulong)seed)).ToArray();

        var seen = See([.. pictures.SelectMany(picture => picture.Pixels)], 3, 150, 90);

        AssertSame([.. pictures.SelectMany(Preprocessing.Default.ToInput)], seen);
    }

    [Fact]
    public void AnotherEdgeIsSeenAsWell()
    {
        using var larger = new InferenceSession(Graph(224));
        var picture = Drawn.Noise(643, 479, seed: 1);

        AssertSame(new Preprocessing(224).ToInput(picture), See(larger, 224, picture.Pixels, 1, 643, 479));
    }

    private static void AssertSame(byte[] expected, byte[] actual)
    {
        Assert.InRange(Drawn.MaxDifference(expected, actual), 0, 1);
        Assert.InRange(Drawn.MeanDifference(expected, actual), 0, ShareThatMayRoundTheOtherWay);
    }

    /// <summary>The graph's input to its network, converted back to bytes R G B.</summary>
    private byte[] See(byte[] pixels, int count, int width, int height) => See(session, 128, pixels, count, width, height);

    private static byte[] See(InferenceSession session, int edge, byte[] pixels, int count, int width, int height)
    {
        using var options = new RunOptions();
        using var image = OrtValue.CreateTensorValueFromMemory(pixels, [count, height, width, 3]);
        using var outputs = session.Run(options, ["image"], [image], ["input"]);
        Assert.Equal([count, 3, edge, edge], outputs[0].GetTensorTypeAndShape().Shape);
        var planes = outputs[0].GetTensorDataAsSpan<float>();
        var seen = new byte[planes.Length];
        for (var i = 0; i < seen.Length; i++)
        {
            var (picture, inPicture) = Math.DivRem(i, 3 * edge * edge);
            var (place, channel) = Math.DivRem(inPicture, 3);
            var value = (planes[(((picture * 3) + channel) * edge * edge) + place] + 1) * 127.5;
            Assert.Equal(Math.Round(value), value, 1e-3);
            seen[i] = (byte)Math.Round(value);
        }

        return seen;
    }

    private static byte[] Graph(int edge)
    {
        var graph = new OnnxGraph("preprocessing");
        graph.Proto.Input.Add(OnnxGraph.Value(TensorProto.Types.DataType.Uint8, "image", "", "batch", "height", "width", "3"));
        graph.Proto.Output.Add(
            OnnxGraph.Value(TensorProto.Types.DataType.Float, PictureInput.AddTo(graph, "image", edge), "", "batch", "3", $"{edge}",
            $"{edge}"));
        return new ModelProto
        {
            IrVersion = 8,
            Graph = graph.Proto,
            OpsetImport = { new OperatorSetIdProto { Version = OnnxGateModel.Opset } }
        }.ToByteArray();
    }
}
