using System.Text;
using Trainer.Core.Export.Proof.CoreMl;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>The content of a .tflite file: one graph, and its metadata.</summary>
/// <param name="Operations">The operations in the order in which they run.</param>
/// <param name="Properties">The model's metadata, by name.</param>
internal sealed record ModelFile(
    IReadOnlyList<TensorInfo> Tensors, IReadOnlyList<GraphOperation> Operations, int[] Inputs, int[] Outputs,
    IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Properties)
{
    private const int Version = 3;

    /// <exception cref="BrokenModelException">The file isn't a .tflite file, or holds more than a gate.</exception>
    public static ModelFile Read(ReadOnlyMemory<byte> file)
    {
        var model = FlatTable.Root(file, "TFL3", "the model", 0, 1, 2, 3, 4, 6, 7);
        var buffers = model.Tables(4, "a buffer", 0).Select(buffer => buffer.Bytes(0)).ToArray();
        var codes = model.Tables(1, "an operator's code", 0, 2, 3);
        if (model.Whole(0) != Version || model.Tables(2, "a graph", 0, 1, 2, 3, 4) is not [var graph] || buffers.Length == 0
            || !buffers[0].IsEmpty)
        {
            throw new BrokenModelException(
                $"it is of version {model.Whole(0)} of the format, expected {Version} with one graph and an empty first buffer");
        }

        var tensors = graph.Tables(0, "a tensor", 0, 1, 2, 3, 4).Select(tensor => TensorInfo.Read(tensor, buffers)).ToArray();
        var read = new ModelFile(
            tensors,
            [.. graph.Tables(3, "an operation", 0, 1, 2, 3, 4).Select(operation => GraphOperation.Read(operation, codes, tensors.Length))],
            graph.Wholes(1),
            graph.Wholes(2),
            model.Tables(6, "a metadata entry", 0, 1)
            .ToDictionary(entry => entry.Text(0), entry => entry.Whole(1) is var at && at > 0 && at < buffers.Length
                ? buffers[at]
                : throw new BrokenModelException($"the metadata entry '{entry.Text(0)}' lies in buffer {at}, of {buffers.Length}")));
        read.RequireSignature(model.Tables(7, "a signature", 0, 1, 2));
        return read;
    }

    public string? Property(string name) => Properties.TryGetValue(name, out var bytes) ? Encoding.UTF8.GetString(bytes.Span) : null;

    /// <summary>Checks that the names by which an app finds inputs and outputs are the names of the tensors.</summary>
    private void RequireSignature(FlatTable[] signatures)
    {
        if (signatures is not [var signature] || !Names(signature, 0).SequenceEqual(Inputs.Select(Named))
            || !Names(signature, 1).SequenceEqual(Outputs.Select(Named)))
        {
            throw new BrokenModelException("its signature doesn't name the graph's own inputs and outputs");
        }
    }

    private static IEnumerable<(string, int)> Names(FlatTable signature, int field) =>
        signature.Tables(field, "a name of the signature", 0, 1).Select(map => (map.Text(0), map.Whole(1)));

    private (string, int) Named(int index) => index >= 0 && index < Tensors.Count
        ? (Tensors[index].Name, index)
        : throw new BrokenModelException($"the graph takes or gives tensor {index}, of {Tensors.Count}");
}
