using Trainer.Core.Export.LiteRt.Schema;

namespace Trainer.Core.Export.LiteRt;

/// <summary>Writes a graph as a .tflite file, which is a FlatBuffer by version 3 of TensorFlow Lite's schema.</summary>
internal sealed class LiteRtFile
{
    private const string Identifier = "TFL3";
    private const int Version = 3;
    private const string Signature = "serving_default"; // the name that readers look for first

    private readonly FlatWriter writer = new();
    private readonly List<int> buffers = []; // offsets of the tables; the first is empty, for tensors without data

    private readonly Dictionary<(int Zero, int Count), int> zeros = [];

    private LiteRtFile() => buffers.Add(writer.Table());

    /// <param name="metadata">Metadata of the model, by name.</param>
    public static byte[] Write(
        LiteRtGraph graph, LiteRtTensor[] inputs, LiteRtTensor[] outputs, string description,
        IReadOnlyDictionary<string, byte[]> metadata) =>
        new LiteRtFile().Model(graph, inputs, outputs, description, metadata);

    private byte[] Model(
        LiteRtGraph graph, LiteRtTensor[] inputs, LiteRtTensor[] outputs, string description, IReadOnlyDictionary<string, byte[]> metadata)
    {
        var entries = metadata.Select(entry => Metadata(entry.Key, entry.Value)).ToArray();
        (BuiltinOperator Operator, int Version)[] operators =
            [.. graph.Operations.Select(operation => (operation.Operator, operation.Version)).Distinct()];
        var codes = operators.Select(code => writer.Table(
            // Field 0 is for readers from before 2020.
            FlatField.Byte(0, (int)code.Operator), FlatField.Whole(2, code.Version), FlatField.Whole(3, (int)code.Operator))).ToArray();
        var subgraph = SubGraph(graph, inputs, outputs, operators);
        var signature = writer.Table(
            FlatField.Place(0, Names(inputs)), FlatField.Place(1, Names(outputs)), FlatField.Place(2, writer.Text(Signature)));
        return writer.Finish(
            writer.Table(
                FlatField.Whole(0, Version),
                FlatField.Place(1, writer.Places(codes)),
                FlatField.Place(2, writer.Places([subgraph])),
                FlatField.Place(3, writer.Text(description)),
                FlatField.Place(4, writer.Places(buffers)),
                FlatField.Place(6, writer.Places(entries)),
                FlatField.Place(7, writer.Places([signature]))),
            Identifier);
    }

    private int SubGraph(
        LiteRtGraph graph, LiteRtTensor[] inputs, LiteRtTensor[] outputs, (BuiltinOperator Operator, int Version)[] operators)
    {
        var tensors = graph.Tensors.Select(Tensor).ToArray();
        var operations = graph.Operations.Select(
            operation => Operation(operation, Array.IndexOf(operators, (operation.Operator, operation.Version)))).ToArray();
        return writer.Table(
            FlatField.Place(0, writer.Places(tensors)),
            FlatField.Place(1, Indices(inputs)),
            FlatField.Place(2, Indices(outputs)),
            FlatField.Place(3, writer.Places(operations)),
            FlatField.Place(4, writer.Text("gate")));
    }

    private int Tensor(LiteRtTensor tensor)
    {
        var (shape, name) = (writer.Wholes(tensor.Shape), writer.Text(tensor.Name));
        var buffer = tensor.Data.Length == 0 ? 0 : Buffer(tensor.Data);
        FlatField[] quantization = tensor.Scale is { } scale ? [FlatField.Place(4, Quantization(scale))] : [];
        return writer.Table(
            [FlatField.Place(0, shape), FlatField.Byte(1, (int)tensor.Type), FlatField.Whole(2, buffer), FlatField.Place(3, name),
            .. quantization]);
    }

    private int Quantization(ByteScale scale) => writer.Table(
        FlatField.Place(2, writer.Floats(scale.Scales)),
        FlatField.Place(3, Zeros(scale.Zero, scale.Scales.Length)),
        FlatField.Whole(6, scale.Axis));

    /// <summary>
    /// A vector of zero points, of which readers need as many as scales. Vectors are shared, because eight bytes per channel would be a
    /// tenth of an int8 file.
    /// </summary>
    private int Zeros(int zero, int count) => zeros.TryGetValue((zero, count), out var known)
        ? known
        : zeros[(zero, count)] = writer.Longs([.. Enumerable.Repeat((long)zero, count)]);

    private int Operation(LiteRtOperation operation, int code)
    {
        var (inputs, outputs) = (Indices(operation.Inputs), Indices([operation.Output]));
        FlatField[] options = operation.Options.Union == 0 ? []
            : [FlatField.Byte(3, operation.Options.Union), FlatField.Place(4, writer.Table(operation.Options.Fields))];
        return writer.Table([FlatField.Whole(0, code), FlatField.Place(1, inputs), FlatField.Place(2, outputs), .. options]);
    }

    private int Buffer(byte[] data)
    {
        buffers.Add(writer.Table(FlatField.Place(0, writer.Bytes(data))));
        return buffers.Count - 1;
    }

    private int Metadata(string name, byte[] data) => writer.Table(FlatField.Place(0, writer.Text(name)), FlatField.Whole(1, Buffer(data)));

    private int Indices(LiteRtTensor[] tensors) => writer.Wholes([.. tensors.Select(tensor => tensor.Index)]);

    private int Names(LiteRtTensor[] tensors) =>
        writer.Places([.. tensors.Select(
            tensor => writer.Table(FlatField.Place(0, writer.Text(tensor.Name)), FlatField.Whole(1, tensor.Index)))]);
}
