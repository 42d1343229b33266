using System.Globalization;
using Google.Protobuf;
using Trainer.Core.Export.Onnx;

namespace Trainer.Core.Tests.Hostile;

/// <summary>The smallest model that is a gate. It decides by the mean brightness.</summary>
internal static class SmallGate
{
    public static byte[] Write(float threshold = 0.5f, bool withEmbedding = false)
    {
        var graph = new OnnxGraph("gate");
        graph.Proto.Input.Add(
            OnnxGraph.Value(TensorProto.Types.DataType.Float, OnnxGateModel.Input, "Pixels.", "batch", "3", "128", "128"));
        graph.Proto.Output.Add(OnnxGraph.Value(TensorProto.Types.DataType.Float, OnnxGateModel.Similarity, "Cosine.", "batch"));
        graph.Proto.Output.Add(OnnxGraph.Value(TensorProto.Types.DataType.Bool, OnnxGateModel.Accepted, "Decision.", "batch"));
        var raised = graph.Add("Add", "raised", [OnnxGateModel.Input, graph.Constant("half", [0.5f])]);
        var pooled = graph.Add("AveragePool", "pool", [raised], OnnxGraph.Wholes("kernel_shape", 128, 128));
        var flat = graph.Add("Flatten", "flat", [pooled], OnnxGraph.Whole("axis", 1));
        var safe = graph.Add("Max", "safe", [flat, graph.Constant("least", [1e-12f])]);
        if (withEmbedding)
        {
            graph.Proto.Output.Add(
                OnnxGraph.Value(TensorProto.Types.DataType.Float, OnnxGateModel.Embedding, "Not of unit length.", "batch", "3"));
            graph.Add("Max", OnnxGateModel.Embedding, [safe]);
        }

        graph.Add("ReduceL2", OnnxGateModel.Similarity, [safe, graph.Constant("axes", 1L)], OnnxGraph.Whole("keepdims", 0));
        graph.Add("GreaterOrEqual", OnnxGateModel.Accepted, [OnnxGateModel.Similarity, graph.Constant("threshold", [threshold])]);
        var model = OnnxGateModel.Model(graph);
        model.MetadataProps.Add(
            [new StringStringEntryProto { Key = OnnxGate.ThresholdKey, Value = threshold.ToString(CultureInfo.InvariantCulture) },
            new StringStringEntryProto { Key = OnnxGate.PreprocessingKey, Value = "1" }]);
        return model.ToByteArray();
    }
}
