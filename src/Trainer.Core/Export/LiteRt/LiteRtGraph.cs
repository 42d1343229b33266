using System.Runtime.InteropServices;
using Trainer.Core.Export.LiteRt.Schema;

namespace Trainer.Core.Export.LiteRt;

/// <summary>One operation of a graph.</summary>
/// <param name="Version">Version of the operator, which says what types it must support.</param>
internal sealed record LiteRtOperation(
    BuiltinOperator Operator, int Version, LiteRtTensor[] Inputs, LiteRtTensor Output, OperatorOptions Options);

/// <summary>Collects tensors and operations, each named by its output.</summary>
internal sealed class LiteRtGraph
{
    private readonly List<LiteRtTensor> tensors = [];
    private readonly List<LiteRtOperation> operations = [];
    private readonly Dictionary<string, LiteRtTensor> shared = [];

    public IReadOnlyList<LiteRtTensor> Tensors => tensors;

    /// <summary>The operations in the order in which they run.</summary>
    public IReadOnlyList<LiteRtOperation> Operations => operations;

    /// <summary>Adds an input that the app provides.</summary>
    public LiteRtTensor Input(string name, ElementType type, ByteScale? scale, params int[] shape) => Tensor(name, type, shape, scale, []);

    /// <summary>Adds an operation.</summary>
    /// <param name="output">Name of its output.</param>
    /// <param name="scale">Scale of the output if that is bytes.</param>
    public LiteRtTensor Add(
        BuiltinOperator operation, string output, ElementType type, int[] shape, LiteRtTensor[] inputs, OperatorOptions? options = null,
        ByteScale? scale = null, int version = 1)
    {
        var made = Tensor(output, type, shape, scale, []);
        operations.Add(new LiteRtOperation(operation, version, inputs, made, options ?? OperatorOptions.Of(operation)));
        return made;
    }

    /// <summary>Adds an operation on floats whose result has the shape of its first input.</summary>
    public LiteRtTensor Add(BuiltinOperator operation, string output, params LiteRtTensor[] inputs) =>
        Add(operation, output, ElementType.Float32, inputs[0].Shape, inputs);

    public LiteRtTensor Concatenated(string output, int axis, params LiteRtTensor[] inputs)
    {
        var shape = inputs[0].Shape.ToArray();
        shape[axis] = inputs.Sum(input => input.Shape[axis]);
        return Add(BuiltinOperator.Concatenation, output, ElementType.Float32, shape, inputs, OperatorOptions.Concatenation(axis));
    }

    public LiteRtTensor Reshaped(string output, LiteRtTensor input, params int[] shape) =>
        Add(BuiltinOperator.Reshape, output, ElementType.Float32, shape, [input, Wholes(shape)]);

    /// <summary>Adds a mean or a sum over some axes, which are kept with length 1.</summary>
    public LiteRtTensor Reduced(BuiltinOperator operation, string output, LiteRtTensor input, params int[] axes) =>
        Add(operation, output, ElementType.Float32, [.. input.Shape.Select((length, axis) => axes.Contains(axis) ? 1 : length)],
            [input, Wholes(axes)], OperatorOptions.Reducer());

    /// <summary>A vector of constant integers, shared by all operations that need the same values.</summary>
    public LiteRtTensor Wholes(params int[] values) => Shared($"wholes_{string.Join('_', values)}", name => Constant(name, values));

    /// <summary>A single constant number, also shared.</summary>
    public LiteRtTensor Number(string name, double value) =>
        Shared(name, _ => Constant(name, ElementType.Float32, new[] { (float)value }, [1]));

    public LiteRtTensor Constant(string name, params int[] values) => Constant(name, ElementType.Int32, values, [values.Length]);

    /// <summary>Adds constant numbers, row-major.</summary>
    /// <param name="type">The schema's name for <typeparamref name="T"/>.</param>
    public LiteRtTensor Constant<T>(string name, ElementType type, T[] values, int[] shape, ByteScale? scale = null)
        // Little-endian, as all supported machines.
        where T : struct => Tensor(name, type, shape, scale, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private LiteRtTensor Shared(string name, Func<string, LiteRtTensor> make) =>
        shared.TryGetValue(name, out var known) ? known : shared[name] = make(name);

    private LiteRtTensor Tensor(string name, ElementType type, int[] shape, ByteScale? scale, byte[] data)
    {
        var tensor = new LiteRtTensor(tensors.Count, name, type, shape, scale, data);
        tensors.Add(tensor);
        return tensor;
    }
}
