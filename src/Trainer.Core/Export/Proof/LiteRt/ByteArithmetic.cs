using Trainer.Core.Export.Proof.CoreMl;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>The arithmetic of operators on bytes: value = scale · (byte − zero), and the nearest byte for a value.</summary>
internal static class ByteArithmetic
{
    public static Tensor Dequantised(OperatorCall call)
    {
        var given = call.Input(0);
        call.Require(TensorElement.Float,
            given.Info.Element is TensorElement.Half or TensorElement.Signed ? given.Info.Element : TensorElement.Unsigned);
        return given.Info.Element == TensorElement.Half ? given.Tensor.alias() : Real(given);
    }

    /// <summary>Converts bytes to bytes with another scale.</summary>
    public static Tensor Requantised(OperatorCall call)
    {
        call.Require(TensorElement.Signed, TensorElement.Unsigned);
        return Nearest(Real(call.Input(0)), call.Result);
    }

    public static Tensor Sum(OperatorCall call)
    {
        call.Require(TensorElement.Signed, TensorElement.Signed, TensorElement.Signed);
        return Nearest(Real(call.Input(0)) + Real(call.Input(1)), call.Result);
    }

    /// <summary>Pads with 0; for bytes, with the byte that stands for 0.</summary>
    public static Tensor Padded(OperatorCall call)
    {
        var given = call.Input(0);
        var element = given.Info.Element == TensorElement.Signed ? TensorElement.Signed : TensorElement.Float;
        call.Require(element, element, TensorElement.Whole);
        var borders = call.Wholes(1); // pairs of before and after for each axis
        if (borders.Length != 2 * given.Info.Shape.Length || borders.Any(border => border < 0) || element == TensorElement.Signed
            && !IsAlike(given.Info, call.Result))
        {
            throw new BrokenModelException(
                $"'{call.Result.Name}' is padded by [{string.Join(", ", borders)}], or has another scale than what it is made of");
        }

        long[] innermostFirst = [.. borders.Chunk(2).Reverse().SelectMany(pair => pair)];
        return nn.functional.pad(given.Tensor, innermostFirst, value: given.Info.Zero);
    }

    /// <summary>The real numbers in float32, each a scale times an integer.</summary>
    public static Tensor Real(GraphValue value)
    {
        var info = value.Info;
        if (!info.IsQuantised)
        {
            throw new BrokenModelException($"'{info.Name}' is taken for real numbers, and has no scale");
        }

        using var zero = tensor((float)info.Zero);
        return (value.Tensor - zero) * Scales(info);
    }

    /// <summary>Rounds real numbers to the nearest bytes.</summary>
    public static Tensor Nearest(Tensor real, TensorInfo result)
    {
        if (result.Scales.Length != 1)
        {
            throw new BrokenModelException($"'{result.Name}' has {result.Scales.Length} scales, expected one");
        }

        using var scale = tensor((double)result.Scales[0]);
        using var zero = tensor((double)result.Zero);
        var (least, most) = result.Range;
        return Arithmetic.Clip((real / scale).round() + zero, least, most).to(ScalarType.Float32);
    }

    /// <summary>The scales in a shape that broadcasts over the tensor.</summary>
    private static Tensor Scales(TensorInfo info) => info.Scales.Length == 1
        ? tensor(info.Scales[0])
        : tensor(info.Scales, [.. info.Shape.Select((length, axis) => axis == info.Axis ? length : 1)]);

    private static bool IsAlike(TensorInfo one, TensorInfo other) => one.Scales.SequenceEqual(other.Scales) && one.Zero == other.Zero;
}
