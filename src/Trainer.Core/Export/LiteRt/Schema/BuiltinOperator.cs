namespace Trainer.Core.Export.LiteRt.Schema;

/// <summary>The operators that a gate needs, with the numbers of TensorFlow Lite's public schema.</summary>
internal enum BuiltinOperator
{
    Add = 0,
    Concatenation = 2,
    Conv2D = 3,
    DepthwiseConv2D = 4,
    Dequantize = 6,
    FullyConnected = 9,
    Mul = 18,
    Reshape = 22,
    Pad = 34,
    Gather = 36,
    Transpose = 39,
    Mean = 40,
    Sub = 41,
    Div = 42,
    Cast = 53,
    Maximum = 55,
    GreaterEqual = 62,
    Sum = 74,
    Sqrt = 75,
    Abs = 101,
    Quantize = 114,
    BatchMatMul = 126,
}
