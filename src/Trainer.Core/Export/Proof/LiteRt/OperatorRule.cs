using Trainer.Core.Export.Proof.CoreMl;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>The meaning of an operator, by the public description of the format.</summary>
/// <param name="Union">Number of the table with the operator's settings; 0 for none.</param>
/// <param name="Settings">Fields that this table may have.</param>
internal sealed record OperatorRule(string Name, int Union, int[] Settings, Func<OperatorCall, Tensor> Compute)
{
    private static readonly Dictionary<int, OperatorRule> All = new()
    {
        [0] = new("ADD", 11, [], Sum) { BytesSince = 2 },
        [2] = new("CONCATENATION", 10, [0], FloatArithmetic.Concatenation),
        [3] = new("CONV_2D", 1, [0, 1, 2, 3], ConvolutionArithmetic.Full) { BytesSince = 3 },
        [4] = new("DEPTHWISE_CONV_2D", 2, [0, 1, 2, 3, 4], ConvolutionArithmetic.Depthwise) { BytesSince = 3 },
        [6] = new("DEQUANTIZE", 38, [], ByteArithmetic.Dequantised) { BytesSince = 2, HalvesSince = 3, ChannelsSince = 5 },
        [9] = new("FULLY_CONNECTED", 8, [], FloatArithmetic.Linear) { Since = 6 }, // version 6 allows no bias
        [18] = new("MUL", 21, [], call => Floats(call, (a, b) => a * b)),
        [22] = new("RESHAPE", 17, [], FloatArithmetic.Reshape),
        [34] = new("PAD", 22, [], ByteArithmetic.Padded) { BytesSince = 2 },
        [36] = new("GATHER", 23, [0], FloatArithmetic.Gathering),
        [39] = new("TRANSPOSE", 26, [], FloatArithmetic.Transposition),
        [40] = new("MEAN", 27, [0], call => FloatArithmetic.Reduced(call, (values, axes) => values.mean(axes, keepdim: true))),
        [41] = new("SUB", 28, [], call => Floats(call, (a, b) => a - b)),
        [42] = new("DIV", 29, [], call => Floats(call, (a, b) => a / b)),
        [53] = new("CAST", 37, [0, 1], FloatArithmetic.Cast),
        [55] = new("MAXIMUM", 39, [], call => Floats(call, maximum)),
        [62] = new("GREATER_EQUAL", 45, [], FloatArithmetic.GreaterEqual),
        [74] = new("SUM", 27, [0], call => FloatArithmetic.Reduced(call, (values, axes) => values.sum(axes, keepdim: true))),
        [75] = new("SQRT", 0, [], call => FloatArithmetic.Of(call, values => values.sqrt())),
        [101] = new("ABS", 78, [], call => FloatArithmetic.Of(call, values => values.abs())),
        [114] = new("QUANTIZE", 89, [], ByteArithmetic.Requantised),
        [126] = new("BATCH_MATMUL", 101, [], call => Floats(call, (a, b) => a.matmul(b))),
    };

    /// <summary>The first version with everything that a gate needs.</summary>
    public int Since { get; init; } = 1;

    /// <summary>The first version that requires runtimes to support signed bytes.</summary>
    public int BytesSince { get; init; } = 1;

    /// <summary>The first version that supports float16.</summary>
    public int HalvesSince { get; init; } = 1;

    /// <summary>The first version that supports bytes with a scale per channel, if that is higher than for bytes.</summary>
    public int ChannelsSince { get; init; }

    /// <exception cref="BrokenModelException">No gate has this operator.</exception>
    public static OperatorRule For(int code) => All.TryGetValue(code, out var rule)
        ? rule
        : throw new BrokenModelException($"an operation has the operator {code}, which no gate has");

    /// <summary>
    /// The version that an operation must declare, so that a runtime that doesn't support it refuses the file instead of failing.
    /// </summary>
    /// <param name="given">The operation's first input.</param>
    public int VersionFor(TensorInfo given) => given.Element switch
    {
        TensorElement.Half => HalvesSince,
        TensorElement.Signed => given.Scales.Length > 1 ? Math.Max(BytesSince, ChannelsSince) : BytesSince,
        _ => Since,
    };

    private static Tensor Sum(OperatorCall call) =>
        call.Result.Element == TensorElement.Signed ? ByteArithmetic.Sum(call) : Floats(call, (a, b) => a + b);

    private static Tensor Floats(OperatorCall call, Func<Tensor, Tensor, Tensor> of)
    {
        call.Require(TensorElement.Float, TensorElement.Float, TensorElement.Float);
        return of(call[0], call[1]);
    }
}
