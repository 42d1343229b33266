using Trainer.Core.Export.Proof.CoreMl;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>Convolutions of maps [1, H, W, C], in floats and in bytes.</summary>
internal static class ConvolutionArithmetic
{
    private const int Relu6 = 3;
    private const double ExactInFloats = 1 << 24; // integers below this, and their sums, are exact in float32

    /// <summary>A full convolution, with weights [outputs, kh, kw, inputs].</summary>
    public static Tensor Full(OperatorCall call) => Compute(call, call[1].permute(0, 3, 1, 2), groups: 1, activation: call.Byte(3));

    /// <summary>A depthwise convolution, with weights [1, kh, kw, C] and one output per channel.</summary>
    public static Tensor Depthwise(OperatorCall call) => call.Whole(3) == 1
        ? Compute(call, call[1].permute(3, 0, 1, 2), groups: call[0].shape[3], activation: call.Byte(4))
        : throw new BrokenModelException($"the depthwise convolution '{call.Result.Name}' makes {call.Whole(3)} maps of each, expected 1");

    /// <param name="weights">[outputs, inputs / groups, kh, kw].</param>
    private static Tensor Compute(OperatorCall call, Tensor weights, long groups, int activation)
    {
        var isBytes = call.Result.Element == TensorElement.Signed;
        call.Require(call.Result.Element,
            isBytes ? [TensorElement.Signed, TensorElement.Signed, TensorElement.Whole]
            : [TensorElement.Float, TensorElement.Float, TensorElement.Float]);
        if (activation is not (0 or Relu6))
        {
            throw new BrokenModelException(
                $"the convolution '{call.Result.Name}' ends in the activation {activation}, expected none or {Relu6}, which is ReLU6");
        }

        return isBytes ? OfBytes(call, weights, groups, activation == Relu6) : OfFloats(call, weights, groups, activation == Relu6);
    }

    private static Tensor OfFloats(OperatorCall call, Tensor weights, long groups, bool hasRelu6)
    {
        var output = Sums(call, call[0], weights, groups) + call[2];
        return hasRelu6 ? nn.functional.relu6(output) : output;
    }

    /// <summary>
    /// A convolution of bytes. Integer products are summed and an integer bias is added before scaling. Each scale is the product of the
    /// input's scale and its weights'.
    /// </summary>
    private static Tensor OfBytes(OperatorCall call, Tensor weights, long groups, bool hasRelu6)
    {
        var (input, weight, bias) = (call.Input(0).Info, call.Input(1).Info, call.Input(2).Info);
        var outputs = weights.shape[0];
        var channelAxis = groups == 1 ? 0 : 3;
        if (input.Scales.Length != 1 || weight.Scales.Length != outputs || (outputs > 1 && weight.Axis != channelAxis) || weight.Zero != 0
            || bias.Zero != 0
            || bias.Scales.Length != outputs
                || !bias.Scales.Zip(weight.Scales, (step, scale) => Math.Abs(step / (scale * input.Scales[0]) - 1) < 1e-5)
                .All(fits => fits))
        {
            throw new BrokenModelException($"the convolution '{call.Result.Name}' has scales or zero points that don't fit together");
        }

        using var zero = tensor((float)input.Zero);
        var rest = call[0] - zero; // so that padding with zeros pads with the real number 0
        using var largest = weights.abs().sum([1, 2, 3]).max();
        var type = largest.item<float>() * byte.MaxValue < ExactInFloats ? ScalarType.Float32 : ScalarType.Float64;
        var sums = Sums(call, rest.to(type), weights.to(type), groups).to(ScalarType.Float64) + call[2].to(ScalarType.Float64);
        var real = sums * tensor([.. weight.Scales.Select(scale => (double)scale * input.Scales[0])]);
        return ByteArithmetic.Nearest(hasRelu6 ? nn.functional.relu6(real) : real, call.Result);
    }

    private static Tensor Sums(OperatorCall call, Tensor input, Tensor weights, long groups)
    {
        long strideX = call.Whole(1), strideY = call.Whole(2);
        if (strideX < 1 || strideY < 1 || input.dim() != 4 || weights.shape[1] * groups != input.shape[3]
            || call[2].numel() != weights.shape[0])
        {
            throw new BrokenModelException(
                $"the convolution '{call.Result.Name}' takes [{string.Join(", ", input.shape)}] by weights "
                + $"[{string.Join(", ", weights.shape)}] in steps of {strideX} and {strideY}");
        }

        var maps = input.permute(0, 3, 1, 2);
        var padded = call.Byte(0) switch
        {
            // Rule 0: the output has ⌈length / stride⌉ places.
            0 => nn.functional.pad(
                maps, [.. Border(maps.shape[3], weights.shape[3], strideX), .. Border(maps.shape[2], weights.shape[2], strideY)]),
            1 => maps,
            var other => throw new BrokenModelException($"the convolution '{call.Result.Name}' pads by the rule {other}"),
        };
        return nn.functional.conv2d(padded, weights, strides: [strideY, strideX], groups: groups).permute(0, 2, 3, 1);
    }

    private static long[] Border(long length, long kernel, long stride)
    {
        var all = Math.Max(((((length + stride - 1) / stride) - 1) * stride) + kernel - length, 0);
        return [all / 2, all - (all / 2)];
    }
}
