using Trainer.Core.Export.Proof.CoreMl;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>The arithmetic of operators on floats.</summary>
internal static class FloatArithmetic
{
    public static Tensor Of(OperatorCall call, Func<Tensor, Tensor> of)
    {
        call.Require(TensorElement.Float, TensorElement.Float);
        return of(call[0]);
    }

    public static Tensor Linear(OperatorCall call)
    {
        call.Require(TensorElement.Float, TensorElement.Float, TensorElement.Float);
        return nn.functional.linear(call[0], call[1]);
    }

    public static Tensor Concatenation(OperatorCall call)
    {
        call.Require(TensorElement.Float, [.. Enumerable.Repeat(TensorElement.Float, call.Count)]);
        return cat([.. Enumerable.Range(0, call.Count).Select(at => call[at])], call.Whole(0));
    }

    public static Tensor Reshape(OperatorCall call)
    {
        call.Require(TensorElement.Float, TensorElement.Float);
        var shape = call.Wholes(1);
        return shape.All(length => length > 0) && shape.Aggregate(1L, (product, length) => product * length) == call[0].numel()
            ? call[0].reshape(shape)
            : throw new BrokenModelException(
                $"'{call.Result.Name}' is made of [{string.Join(", ", call[0].shape)}] by the shape [{string.Join(", ", shape)}]");
    }

    public static Tensor Transposition(OperatorCall call)
    {
        call.Require(TensorElement.Float, TensorElement.Float);
        return call[0].permute(call.Wholes(1));
    }

    public static Tensor Gathering(OperatorCall call)
    {
        call.Require(TensorElement.Float, TensorElement.Float, TensorElement.Whole);
        var (indices, axis) = (call.Wholes(1), call.Whole(0));
        var length = axis >= 0 && axis < call[0].dim() ? call[0].shape[axis]
            : throw new BrokenModelException($"'{call.Result.Name}' gathers along the axis {axis}");
        return indices.All(index => index >= 0 && index < length)
            ? call[0].index_select(axis, tensor(indices))
            : throw new BrokenModelException($"'{call.Result.Name}' gathers places outside of 0 to {length - 1}");
    }

    public static Tensor Reduced(OperatorCall call, Func<Tensor, long[], Tensor> of)
    {
        call.Require(TensorElement.Float, TensorElement.Float);
        return call.Byte(0) == 1 ? of(call[0], call.Wholes(1))
            : throw new BrokenModelException($"'{call.Result.Name}' drops axes, which no gate does");
    }

    public static Tensor GreaterEqual(OperatorCall call)
    {
        call.Require(TensorElement.Truth, TensorElement.Float, TensorElement.Float);
        return call[0].ge(call[1]);
    }

    public static Tensor Cast(OperatorCall call)
    {
        call.Require(TensorElement.Float, TensorElement.Truth);
        return (call.Byte(0), call.Byte(1)) == ((int)TensorElement.Truth, (int)TensorElement.Float)
            ? call[0].to(ScalarType.Float32)
            : throw new BrokenModelException(
                $"'{call.Result.Name}' is cast from {call.Byte(0)} to {call.Byte(1)}, expected truths to floats");
    }
}
