using Google.Protobuf;
using Trainer.Core.Export.CoreMl.Schema;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Makes small constants that are stored inside an ML Program.</summary>
internal static class MilValue
{
    public static Value Text(string text) =>
        Of(MilType.Of(DataType.String), new TensorValue { Strings = new TensorValue.Types.RepeatedStrings { Values = { text } } });

    public static Value Truth(bool truth) =>
        Of(MilType.Of(DataType.Bool), new TensorValue { Bools = new TensorValue.Types.RepeatedBools { Values = { truth } } });

    public static Value Whole(int number) => Of(MilType.Of(DataType.Int32), Ints(number));

    public static Value Wholes(params int[] numbers) => Of(MilType.Of(DataType.Int32, numbers.Length), Ints(numbers));

    public static Value Float(float number) => Floats([number], []);

    public static Value Floats(float[] numbers, long[] shape) =>
        Of(MilType.Of(DataType.Float32, shape), new TensorValue { Floats = new TensorValue.Types.RepeatedFloats { Values = { numbers } } });

    /// <summary>A float16 constant, which the format stores as bytes.</summary>
    public static Value Halves(float[] numbers, long[] shape) => Of(
        MilType.Of(DataType.Float16, shape),
        new TensorValue { Bytes = new TensorValue.Types.RepeatedBytes { Values = ByteString.CopyFrom(LittleEndian.Halves(numbers)) } });

    private static TensorValue Ints(params int[] numbers) => new() { Ints = new TensorValue.Types.RepeatedInts { Values = { numbers } } };

    private static Value Of(Schema.ValueType type, TensorValue value) =>
        new() { Type = type, ImmediateValue = new Value.Types.ImmediateValue { Tensor = value } };
}
