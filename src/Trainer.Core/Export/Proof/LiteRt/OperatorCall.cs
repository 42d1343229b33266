using Trainer.Core.Export.Proof.CoreMl;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>A value while a graph runs.</summary>
/// <param name="Tensor">float32 for floats, float16 and bytes; int32 for integers; bool for booleans.</param>
internal sealed record GraphValue(TensorInfo Info, Tensor Tensor);

/// <summary>One operation with its inputs.</summary>
/// <param name="result">The declared result.</param>
internal sealed class OperatorCall(FlatTable? options, GraphValue[] inputs, TensorInfo result)
{
    public TensorInfo Result => result;

    public int Count => inputs.Length;

    public GraphValue Input(int at) =>
        at < inputs.Length ? inputs[at]
        : throw new BrokenModelException($"'{result.Name}' is made of {inputs.Length} values, expected more");

    public Tensor this[int at] => Input(at).Tensor;

    /// <summary>Constant integers.</summary>
    public long[] Wholes(int at) => Input(at) is { Info: { Element: TensorElement.Whole, IsConstant: true, IsQuantised: false } } value
        ? [.. value.Tensor.data<int>().Select(number => (long)number)]
        : throw new BrokenModelException($"'{Input(at).Info.Name}', which '{result.Name}' takes, is no constant of whole numbers");

    public int Byte(int field) => options?.Byte(field) ?? 0;

    public int Whole(int field) => options?.Whole(field) ?? 0;

    /// <summary>Checks the types of an operation's result and inputs.</summary>
    /// <exception cref="BrokenModelException">The types differ.</exception>
    public void Require(TensorElement made, params TensorElement[] taken)
    {
        if (result.Element != made || !inputs.Take(taken.Length).Select(input => input.Info.Element).SequenceEqual(taken))
        {
            throw new BrokenModelException(
                $"'{result.Name}' is {result.Element}, made of {string.Join(", ", inputs.Select(input => input.Info.Element))}, expected "
                + $"{made} of {string.Join(", ", taken)}");
        }
    }
}
