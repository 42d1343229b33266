using Trainer.Core.Export.Proof.CoreMl;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>A value while a graph runs.</summary>
/// <param name="Tensor">Floats and halves as float32, bytes as float32 that holds them exactly, whole numbers as int32, truths as bool.</param>
internal sealed record GraphValue(TensorInfo Info, Tensor Tensor);

/// <summary>One operation with what it is given.</summary>
/// <param name="result">What it is declared to make.</param>
internal sealed class OperatorCall(FlatTable? options, GraphValue[] inputs, TensorInfo result)
{
    public TensorInfo Result => result;

    public int Count => inputs.Length;

    public GraphValue Input(int at) => at < inputs.Length ? inputs[at] : throw new BrokenModelException($"'{result.Name}' is made of {inputs.Length} values, expected more");

    public Tensor this[int at] => Input(at).Tensor;

    /// <summary>Constant whole numbers.</summary>
    public long[] Wholes(int at) => Input(at) is { Info: { Element: TensorElement.Whole, IsConstant: true, IsQuantised: false } } value
        ? [.. value.Tensor.data<int>().Select(number => (long)number)]
        : throw new BrokenModelException($"'{Input(at).Info.Name}', which '{result.Name}' takes, is no constant of whole numbers");

    public int Byte(int field) => options?.Byte(field) ?? 0;

    public int Whole(int field) => options?.Whole(field) ?? 0;

    /// <summary>Makes sure of the types that an operation takes and makes.</summary>
    /// <exception cref="BrokenModelException">They are others.</exception>
    public void Require(TensorElement made, params TensorElement[] taken)
    {
        if (result.Element != made || !inputs.Take(taken.Length).Select(input => input.Info.Element).SequenceEqual(taken))
        {
            throw new BrokenModelException($"'{result.Name}' is {result.Element}, made of {string.Join(", ", inputs.Select(input => input.Info.Element))}, expected {made} of {string.Join(", ", taken)}");
        }
    }
}
