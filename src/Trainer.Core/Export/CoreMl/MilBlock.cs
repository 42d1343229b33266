using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Export.Rounding;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Adds operations and constants to an ML Program, each named by its output.</summary>
/// <remarks>Tensors of 10 or more values go to weight.bin and smaller ones stay in the model, as in Core ML's own writer.</remarks>
internal sealed class MilBlock
{
    private const int SmallestBlob = 10;
    private readonly HashSet<string> constants = [];

    public Block Proto { get; } = new();

    public WeightBlob Weights { get; } = new();

    /// <summary>Adds an operation with one output.</summary>
    /// <param name="output">Name of the output: letters, digits and underscores.</param>
    /// <param name="arguments">
    /// Pairs of a parameter and the name of its value; a parameter with several values occurs once for each.
    /// </param>
    /// <returns>The output's name.</returns>
    public string Add(string operation, string output, Schema.ValueType type, params (string Parameter, string Value)[] arguments)
    {
        var added = Operation(operation, output, type);
        foreach (var values in arguments.GroupBy(argument => argument.Parameter, argument => argument.Value))
        {
            added.Inputs.Add(values.Key,
                new Argument { Arguments = { values.Select(value => new Argument.Types.Binding { Name = value }) } });
        }

        return output;
    }

    /// <summary>Adds a constant if it doesn't exist yet.</summary>
    /// <returns>The constant's name.</returns>
    public string Constant(string name, Value value)
    {
        if (constants.Add(name))
        {
            Operation("const", name, value.Type).Attributes.Add("val", value);
        }

        return name;
    }

    /// <summary>Adds 8-bit weights, which Core ML widens when it loads the model.</summary>
    /// <param name="widened">The type after widening, float16 or float32.</param>
    /// <returns>Name of the widened weights.</returns>
    public string EightBit(string name, Int8Weights weights, long[] shape, DataType widened)
    {
        var channels = shape[0];
        var attributes = Operation("constexpr_affine_dequantize", name, MilType.Of(widened, shape)).Attributes;
        attributes.Add("quantized_data", Blob(BlobType.Int8, DataType.Int8, (byte[])(Array)weights.Values, shape));
        attributes.Add("zero_point", Blob(BlobType.Int8, DataType.Int8, new byte[channels], channels));
        attributes.Add("scale", widened == DataType.Float16
            ? Blob(BlobType.Float16, DataType.Float16, LittleEndian.Halves(weights.Scales), channels)
            : Blob(BlobType.Float32, DataType.Float32, LittleEndian.Floats(weights.Scales), channels));
        attributes.Add("axis", MilValue.Whole(0));
        return name;
    }

    /// <summary>A tensor in float32 for that precision, and in float16 for the others.</summary>
    public Value Tensor(float[] values, long[] shape, Precision precision) =>
        (values.Length >= SmallestBlob, precision == Precision.Fp32) switch
        {
            (true, true) => Blob(BlobType.Float32, DataType.Float32, LittleEndian.Floats(values), shape),
            (true, false) => Blob(BlobType.Float16, DataType.Float16, LittleEndian.Halves(values), shape),
            (false, true) => MilValue.Floats(values, shape),
            (false, false) => MilValue.Halves(values, shape),
        };

    private Operation Operation(string operation, string output, Schema.ValueType type)
    {
        var added = new Operation
        {
            Type = operation,
            Outputs = { new NamedValueType { Name = output, Type = type } },
            Attributes = { ["name"] = MilValue.Text(output) },
        };
        Proto.Operations.Add(added);
        return added;
    }

    private Value Blob(BlobType blobType, DataType type, byte[] data, params long[] shape) => new()
    {
        Type = MilType.Of(type, shape),
        BlobFileValue = new Value.Types.BlobFileValue { FileName = ModelPackage.WeightsInModel, Offset = Weights.Add(blobType, data) },
    };
}
