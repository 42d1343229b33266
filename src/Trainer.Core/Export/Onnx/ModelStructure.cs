using Google.Protobuf;

namespace Trainer.Core.Export.Onnx;

/// <summary>Checks the content of an ONNX file before ONNX Runtime loads it.</summary>
/// <remarks>
/// A model is a program that can loop for ever, read other files, or allocate terabytes. A gate needs none of that, so only operators that
/// <see cref="OnnxGateModel"/> writes are accepted, and only with numbers from the file.
/// </remarks>
internal static class ModelStructure
{
    private static readonly HashSet<string> Operators =
    [
        "Abs", "Add", "AveragePool", "Cast", "Clip", "Concat", "Conv", "DequantizeLinear", "Div", "Flatten", "Floor", "Gather", "Gemm",
        "Greater", "GreaterOrEqual", "MatMul", "Max", "Mul",
        "QuantizeLinear", "ReduceL2", "ReduceMean", "ReduceMin", "Reshape", "Resize", "Shape", "Slice", "Split", "Sqrt", "Squeeze", "Sub",
        "Transpose", "Unsqueeze",
    ];

    /// <summary>Refuses a model that a gate can't be.</summary>
    /// <param name="name">Name of the file in messages.</param>
    /// <returns>The model's metadata.</returns>
    /// <exception cref="TrainerException">The bytes aren't an ONNX model, or the model does more than a gate.</exception>
    public static IReadOnlyDictionary<string, string> Require(byte[] file, string name)
    {
        try
        {
            var model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(file);
            return Objection(model, file.Length) is not { } objection
                ? model.MetadataProps.DistinctBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => entry.Value)
                : throw new TrainerException($"'{name}' is no ONNX model that trainer wrote: {objection}.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TrainerException($"'{name}' is no ONNX model, or a damaged one. Make one with 'trainer export --onnx'.", e);
        }
    }

    private static string? Objection(ModelProto model, int fileLength) =>
        model.Graph is not { } graph ? "it holds no graph"
        : model.Functions.Count + model.TrainingInfo.Count + graph.SparseInitializer.Count > 0
            ? "it holds functions, training or sparse numbers"
        // ONNX Runtime fails on it
        : model.MetadataProps.Any(entry => entry.Key.Contains('\0')) ? "its metadata hold a name with a zero byte"
        : graph.Node.Select(Objection).Concat(graph.Initializer.Select(tensor => Objection(tensor, fileLength)))
            .FirstOrDefault(objection => objection is not null);

    private static string? Objection(NodeProto node) =>
        node.Domain.Length > 0 || !Operators.Contains(node.OpType) ? $"it computes '{Start(node.OpType)}', which no gate of trainer's does"
        : node.Attribute.Any(a => a.G.Length + a.Graphs.Count + a.T.Length + a.Tensors.Count > 0)
            ? $"'{Start(node.Name)}' holds a graph or numbers of its own"
        : null;

    private static string? Objection(TensorProto tensor, int fileLength) =>
        tensor.ExternalData.Count > 0 || tensor.DataLocation != 0 ? $"'{Start(tensor.Name)}' lies in another file"
        : tensor.Dims.Any(length => length < 0) || tensor.Dims.Aggregate(1d, (product, length) => product * length) > fileLength
            ? $"'{Start(tensor.Name)}' claims more numbers than the file has bytes"
        : null;

    private static string Start(string name) => name.Length > 60 ? name[..60] + "…" : name;
}
