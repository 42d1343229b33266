using Google.Protobuf;
using Trainer.Core.Gates;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.Onnx;

/// <summary>One more output for a written gate: where in the picture its cosine comes from.</summary>
/// <remarks>
/// Pooling is a mean and the head is linear, so the cosine W·mean(fᵢ)+b against the centroid c splits exactly over the 16 places of the
/// last feature map: place i holds (fᵢ·Wᵀc + b·c) / (16·|e|). The 512 rows of the head thus shrink to one convolution with one filter.
/// </remarks>
public static class EvidenceOutput
{
    /// <summary>Name of the output: float32 [batch, 4, 4], rows from the top; its sum is the similarity.</summary>
    public const string Name = "evidence";

    /// <summary>Places of a picture.</summary>
    public const int Places = Edge * Edge;

    private const int Edge = 4;

    /// <summary>Adds the output to a file that <see cref="OnnxGateModel"/> wrote, in whatever precision.</summary>
    /// <returns>The new file's bytes.</returns>
    public static byte[] AddTo(byte[] model, FoldedNetwork network, Centroid centroid)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(centroid);
        var written = ModelProto.Parser.ParseFrom(model);
        var features = written.Graph.Node.Single(node => node.OpType == "AveragePool").Input[0];
        var added = new OnnxGraph("");
        var (weights, bias) = Along(network, centroid.Values);
        var filter = added.Constant("evidence.weight", weights, 1, weights.Length, 1, 1);
        var map = added.Add("Conv", "evidence.map", [features, filter, added.Constant("evidence.bias", [bias], 1)]);  // [N, 1, 4, 4]
        var plane = added.Add("Squeeze", "evidence.plane", [map, added.Constant("evidence.channel", 1L)]);            // [N, 4, 4]
        var length = added.Add("Unsqueeze", "evidence.length", [OnnxGateModel.Length, added.Constant("evidence.last", 2L)]); // [N, 1, 1]
        added.Add("Div", Name, [plane, length]);
        written.Graph.Node.Add(added.Proto.Node);
        written.Graph.Initializer.Add(added.Proto.Initializer);
        written.Graph.Output.Add(OnnxGraph.Value(
            TensorProto.Types.DataType.Float, Name, "Share of each place in the similarity; they add up to it.", "batch", $"{Edge}", $"{Edge}"));
        return written.ToByteArray();
    }

    private static (float[] Weights, float Bias) Along(FoldedNetwork network, float[] centroid)
    {
        var inputs = network.HeadWeights.Length / centroid.Length;
        var weights = new double[inputs];
        var bias = 0.0;
        for (var d = 0; d < centroid.Length; d++)
        {
            bias += network.HeadBias[d] * (double)centroid[d] / Places;
            for (var k = 0; k < inputs; k++)
            {
                weights[k] += network.HeadWeights[(d * inputs) + k] * (double)centroid[d] / Places;
            }
        }

        return (Array.ConvertAll(weights, weight => (float)weight), (float)bias);
    }
}
