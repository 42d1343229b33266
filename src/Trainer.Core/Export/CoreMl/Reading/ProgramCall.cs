using static TorchSharp.torch;

namespace Trainer.Core.Export.CoreMl.Reading;

/// <summary>A value while a program runs: float16 ones are kept as float32 that float16 holds exactly.</summary>
internal sealed record ProgramValue(Tensor Tensor, Element Element);

/// <summary>One operation with what it is given.</summary>
internal sealed class ProgramCall(ProgramOperation operation, IReadOnlyDictionary<string, ProgramValue> values, IReadOnlyDictionary<string, Constant> constants)
{
    /// <summary>A tensor argument.</summary>
    public Tensor this[string parameter] => Value(parameter).Tensor;

    /// <summary>The element that all the given arguments share.</summary>
    /// <exception cref="BrokenModelException">They don't.</exception>
    public Element Shared(IReadOnlyList<string> parameters)
    {
        var elements = parameters.Select(parameter => Value(parameter).Element).Distinct().ToArray();
        return elements is [var only] ? only : throw new BrokenModelException($"{operation.Output} mixes {string.Join(" and ", elements)}");
    }

    public long[] Wholes(string parameter, int count) => Constant(parameter).Wholes(Of(parameter), count);

    public long Whole(string parameter) => Constant(parameter).Wholes(Of(parameter), -1)[0];

    public string Text(string parameter) => Constant(parameter).Text(Of(parameter));

    public bool Truth(string parameter) => Constant(parameter).Truth(Of(parameter));

    private ProgramValue Value(string parameter) => values.TryGetValue(operation.Arguments[parameter], out var value)
        ? value
        : throw new BrokenModelException($"{Of(parameter)} is '{operation.Arguments[parameter]}', which no operation before it makes");

    private Constant Constant(string parameter) => constants.TryGetValue(operation.Arguments[parameter], out var constant)
        ? constant
        : throw new BrokenModelException($"{Of(parameter)} is '{operation.Arguments[parameter]}', which no constant before it is");

    private string Of(string parameter) => $"{parameter} of {operation.Output}";
}
