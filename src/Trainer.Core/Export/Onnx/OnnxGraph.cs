using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Trainer.Core.Export.Onnx;

/// <summary>Adds nodes and constants to a graph, each named by its output.</summary>
internal sealed class OnnxGraph(string name)
{
    public GraphProto Proto { get; } = new() { Name = name };

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Add(string operation, string output, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        AddMany(operation, [output], inputs, attributes);
        return output;
    }

    /// <summary>Adds a node with several outputs.</summary>
    /// <returns>Their names.</returns>
    public string[] AddMany(string operation, string[] outputs, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        Proto.Node.Add(new NodeProto
        {
            OpType = operation,
            Name = outputs[0],
            Input = { inputs },
            Output = { outputs },
            Attribute = { attributes }
        });
        return outputs;
    }

    /// <summary>Adds constant numbers, row-major.</summary>
    /// <returns>Their name.</returns>
    public string Constant(string constant, float[] values, params long[] shape) =>
        Constant<float>(constant, TensorProto.Types.DataType.Float, values, shape);

    /// <summary>Adds a vector of constant integers.</summary>
    /// <returns>Their name.</returns>
    public string Constant(string constant, params long[] values) =>
        Constant<long>(constant, TensorProto.Types.DataType.Int64, values, values.Length);

    /// <summary>Adds constants of any type.</summary>
    /// <param name="type">ONNX's name for <typeparamref name="T"/>.</param>
    /// <returns>Their name.</returns>
    public string Constant<T>(string constant, TensorProto.Types.DataType type, ReadOnlySpan<T> values, params long[] shape)
        where T : struct
    {
        Proto.Initializer.Add(new TensorProto
        {
            Name = constant,
            DataType = type,
            Dims = { shape },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        });
        return constant;
    }

    public static AttributeProto Whole(string attribute, long value) =>
        new() { Name = attribute, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Wholes(string attribute, params long[] values) =>
        new() { Name = attribute, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    public static AttributeProto Text(string attribute, string value) =>
        new() { Name = attribute, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    /// <summary>Describes an input or output.</summary>
    /// <param name="shape">Dimensions, each a number or the name of a variable dimension.</param>
    public static ValueInfoProto Value(TensorProto.Types.DataType type, string value, string description, params string[] shape) => new()
    {
        Name = value,
        DocString = description,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = type,
                Shape = new TensorShapeProto { Dim = { shape.Select(Dimension) } },
            },
        },
    };

    private static TensorShapeProto.Types.Dimension Dimension(string length) =>
        long.TryParse(length, out var number) ? new() { DimValue = number } : new() { DimParam = length };
}
