using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Trainer.Core.Export.Onnx;

/// <summary>Adds nodes and constants to a graph, each named by what it makes.</summary>
internal sealed class OnnxGraph(string name)
{
    public GraphProto Proto { get; } = new() { Name = name };

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Add(string operation, string output, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        Proto.Node.Add(new NodeProto { OpType = operation, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return output;
    }

    /// <summary>Adds constant numbers, row-major.</summary>
    /// <returns>Their name.</returns>
    public string Constant(string constant, float[] values, params long[] shape)
    {
        Proto.Initializer.Add(new TensorProto
        {
            Name = constant,
            DataType = TensorProto.Types.DataType.Float,
            Dims = { shape },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
        });
        return constant;
    }

    /// <summary>Adds constant whole numbers in a row.</summary>
    /// <returns>Their name.</returns>
    public string Constant(string constant, params long[] values)
    {
        Proto.Initializer.Add(new TensorProto
        {
            Name = constant,
            DataType = TensorProto.Types.DataType.Int64,
            Dims = { values.Length },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values)),
        });
        return constant;
    }

    public static AttributeProto Whole(string attribute, long value) =>
        new() { Name = attribute, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Wholes(string attribute, params long[] values) =>
        new() { Name = attribute, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    /// <summary>Describes a float input or output; a dimension of 0 is the batch's, of any length.</summary>
    public static ValueInfoProto Floats(string value, string description, params long[] shape) => new()
    {
        Name = value,
        DocString = description,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = TensorProto.Types.DataType.Float,
                Shape = new TensorShapeProto { Dim = { shape.Select(Dimension) } },
            },
        },
    };

    private static TensorShapeProto.Types.Dimension Dimension(long length) => length == 0 ? new() { DimParam = "batch" } : new() { DimValue = length };
}
