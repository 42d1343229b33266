using System.Globalization;
using Google.Protobuf;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using static Trainer.Core.Export.Onnx.TensorProto.Types;

namespace Trainer.Core.Export.Onnx;

/// <summary>
/// Writes the gate as ONNX. The model takes a picture and returns the unit embedding, the similarity to the centroid and the decision.
/// </summary>
/// <remarks>
/// Opset 18 is the first whose Resize can antialias. With IR version 8 every ONNX Runtime since 1.14 (2023) reads it. The threshold
/// is in the graph and in the metadata.
/// </remarks>
internal static class OnnxGateModel
{
    /// <summary>Name of the input; see <see cref="GateInput"/>.</summary>
    public const string Input = "image";

    /// <summary>Name of the output with the unit embeddings: float32 [batch, 512].</summary>
    public const string Embedding = "embedding";

    /// <summary>Name of the output with the cosines: float32 [batch].</summary>
    public const string Similarity = "similarity";

    /// <summary>Name of the output with the decisions: bool [batch].</summary>
    public const string Accepted = "accepted";

    /// <summary>Name of the output with the shares of the calibration photos that lie farther: float32 [batch], 0 to 1. Only where
    /// <see cref="Nearness"/> is known.</summary>
    public const string CloserThan = "closer_than";

    /// <summary>The version of ONNX's operators that is used.</summary>
    internal const int Opset = 18;

    /// <summary>Name of the lengths of the raw embeddings, which are never 0: float32 [batch, 1].</summary>
    private const string Length = "fc.length.safe";

    /// <summary>Name of the cosines as a column: float32 [batch, 1].</summary>
    private const string Column = "similarity.column";

    private const int IrVersion = 8;
    private const string Batch = "batch";

    /// <summary>The file's bytes.</summary>
    /// <param name="nearness">Null leaves out the output <see cref="CloserThan"/>.</param>
    public static byte[] Write(
        IOnnxNetwork network, Centroid centroid, Threshold threshold, string trainerVersion, GateInput input, Preprocessing preprocessing,
        Nearness? nearness = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(centroid);
        ArgumentNullException.ThrowIfNull(threshold);
        ArgumentNullException.ThrowIfNull(preprocessing);
        var graph = new OnnxGraph("gate");
        var edge = preprocessing.Edge.ToString(CultureInfo.InvariantCulture);
        graph.Proto.Input.Add(input == GateInput.Picture
            ? OnnxGraph.Value(DataType.Uint8, Input, PictureInput.Contract, Batch, "height", "width", "3")
            : OnnxGraph.Value(DataType.Float, Input, preprocessing.Description, Batch, "3", edge, edge));
        graph.Proto.Output.Add(OnnxGraph.Value(
            DataType.Float, Embedding, "Unit embedding of each picture.", Batch,
            centroid.Values.Length.ToString(CultureInfo.InvariantCulture)));
        graph.Proto.Output.Add(OnnxGraph.Value(DataType.Float, Similarity, "Cosine to the centroid.", Batch));
        graph.Proto.Output.Add(OnnxGraph.Value(DataType.Bool, Accepted, "True when the similarity is at least the threshold.", Batch));
        var pixels = input == GateInput.Picture ? PictureInput.AddTo(graph, Input, preprocessing.Edge) : Input;
        AddDecision(graph, network.AddHeadTo(graph, network.AddFeaturesTo(graph, pixels, preprocessing.Edge)), centroid, threshold);
        if (nearness is not null)
        {
            AddNearness(graph, nearness);
        }

        var model = Model(graph);
        model.ProducerVersion = trainerVersion;
        model.DocString = "A gate that accepts pictures of one subject.";
        model.MetadataProps.Add(
            Metadata(centroid, threshold, network.Precision, preprocessing)
            .Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        return model.ToByteArray();
    }

    /// <summary>Wraps a graph in a model with the versions that all graphs here use.</summary>
    internal static ModelProto Model(OnnxGraph graph) => new()
    {
        IrVersion = IrVersion,
        ProducerName = "trainer",
        Graph = graph.Proto,
        OpsetImport = { new OperatorSetIdProto { Version = Opset } },
    };

    private static void AddDecision(OnnxGraph graph, string raw, Centroid centroid, Threshold threshold)
    {
        var columns = graph.Constant("columns", 1L);
        var length = graph.Add("ReduceL2", "fc.length", [raw, columns], OnnxGraph.Whole("keepdims", 1));
        var safeLength = graph.Add("Max", Length, [length, graph.Constant("length.min", [1e-12f])]);
        var unit = graph.Add("Div", Embedding, [raw, safeLength]);
        var column = graph.Add("MatMul", Column, [unit, graph.Constant("centroid", centroid.Values, centroid.Values.Length, 1)]);
        var similarity = graph.Add("Squeeze", Similarity, [column, columns]);
        graph.Add("GreaterOrEqual", Accepted, [similarity, graph.Constant("threshold", [threshold.Cosine])]);
    }

    private static void AddNearness(OnnxGraph graph, Nearness nearness)
    {
        graph.Proto.Output.Add(
            OnnxGraph.Value(DataType.Float, CloserThan, "Share of the calibration photos that lie farther from the subject.", Batch));
        var farther = graph.Add(
            "Greater", "farther", [Column, graph.Constant("calibration.similarities", [.. nearness.Table], 1, Nearness.TableSize)]);
        var counted = graph.Add("Cast", "farther.counted", [farther], OnnxGraph.Whole("to", (long)DataType.Float));
        var share = graph.Add("ReduceMean", "closer_than.column", [counted, "columns"], OnnxGraph.Whole("keepdims", 1));
        graph.Add("Squeeze", CloserThan, [share, "columns"]);
    }

    private static Dictionary<string, string> Metadata(
        Centroid centroid, Threshold threshold, Precision precision, Preprocessing preprocessing) => new()
        {
            [OnnxGate.ThresholdKey] = threshold.Cosine.ToString("R", CultureInfo.InvariantCulture),
            ["promised_accept_rate"] = threshold.PromisedAcceptRate.ToString("R", CultureInfo.InvariantCulture),
            ["centroid_sha256"] = centroid.Sha256,
            [OnnxGate.PreprocessingKey] = Preprocessing.Version.ToString(CultureInfo.InvariantCulture),
            ["preprocessing"] = preprocessing.Description,
            [OnnxGate.SizeKey] = preprocessing.Edge.ToString(CultureInfo.InvariantCulture),
            ["precision"] = precision.ToString().ToLowerInvariant(),
            ["decision"] = "accepted when similarity >= threshold",
        };
}
