namespace Trainer.Core.Export.LiteRt.Schema;

/// <summary>The settings of an operation: a table of the schema's union BuiltinOptions, with its public numbers.</summary>
/// <param name="Union">Number of the table; 0 for an operator without one.</param>
internal sealed record OperatorOptions(byte Union, params FlatField[] Fields)
{
    private const int Same = 0, Valid = 1;
    private const int Relu6 = 3;

    /// <param name="isPadded">True if the operation pads with zeros so that stride 1 keeps the size, false if it doesn't pad.</param>
    public static OperatorOptions Conv2D(bool isPadded, int stride, bool hasRelu6) => new(
        1, FlatField.Byte(0, isPadded ? Same : Valid), FlatField.Whole(1, stride), FlatField.Whole(2, stride),
        FlatField.Byte(3, hasRelu6 ? Relu6 : 0));

    /// <inheritdoc cref="Conv2D"/>
    public static OperatorOptions DepthwiseConv2D(bool isPadded, int stride, bool hasRelu6) => new(
        2,
        FlatField.Byte(0, isPadded ? Same : Valid),
        FlatField.Whole(1, stride),
        FlatField.Whole(2, stride),
        FlatField.Whole(3, 1), // outputs per input channel
        FlatField.Byte(4, hasRelu6 ? Relu6 : 0));

    public static OperatorOptions Concatenation(int axis) => new(10, FlatField.Whole(0, axis));

    public static OperatorOptions Gather(int axis) => new(23, FlatField.Whole(0, axis));

    public static OperatorOptions Reducer() => new(27, FlatField.Byte(0, 1)); // keeps the axes, with length 1

    public static OperatorOptions Cast(ElementType from, ElementType to) =>
        new(37, FlatField.Byte(0, (int)from), FlatField.Byte(1, (int)to));

    /// <summary>The options of an operator whose table has only default values.</summary>
    public static OperatorOptions Of(BuiltinOperator operation) => new(operation switch
    {
        BuiltinOperator.FullyConnected => 8,
        BuiltinOperator.Add => 11,
        BuiltinOperator.Reshape => 17,
        BuiltinOperator.Mul => 21,
        BuiltinOperator.Pad => 22,
        BuiltinOperator.Transpose => 26,
        BuiltinOperator.Sub => 28,
        BuiltinOperator.Div => 29,
        BuiltinOperator.Dequantize => 38,
        BuiltinOperator.Maximum => 39,
        BuiltinOperator.GreaterEqual => 45,
        BuiltinOperator.Abs => 78,
        BuiltinOperator.Quantize => 89,
        BuiltinOperator.BatchMatMul => 101,
        _ => 0,
    });
}
