using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Programs;

/// <summary>A value while a program runs. Float16 values are stored as float32 numbers that float16 can represent.</summary>
internal sealed record ProgramValue(Tensor Tensor, Element Element);

/// <summary>One operation with its arguments.</summary>
internal sealed class ProgramCall(
    ProgramOperation operation, IReadOnlyDictionary<string, ProgramValue> values, IReadOnlyDictionary<string, Constant> constants)
{
    /// <summary>A tensor argument.</summary>
    public Tensor this[string parameter] => Value(Only(parameter), parameter).Tensor;

    /// <summary>The tensors of an argument that takes several.</summary>
    public Tensor[] All(string parameter) => [.. operation.Arguments[parameter].Select(name => Value(name, parameter).Tensor)];

    /// <summary>The element type that all the given arguments share.</summary>
    /// <exception cref="BrokenModelException">The arguments have different element types.</exception>
    public Element Shared(IReadOnlyList<string> parameters)
    {
        var elements = parameters.SelectMany(parameter => operation.Arguments[parameter].Select(name => Value(name, parameter).Element))
            .Distinct().ToArray();
        return elements is [var only] ? only : throw new BrokenModelException($"{operation.Output} mixes {string.Join(" and ", elements)}");
    }

    /// <param name="count">Expected number of values; null for any number.</param>
    public long[] Wholes(string parameter, int? count = null)
    {
        var constant = Constant(parameter);
        return constant.Wholes(Of(parameter), count ?? (int)constant.Type.Count);
    }

    public long Whole(string parameter) => Constant(parameter).Wholes(Of(parameter), -1)[0];

    public string Text(string parameter) => Constant(parameter).Text(Of(parameter));

    public bool Truth(string parameter) => Constant(parameter).Truth(Of(parameter));

    private string Only(string parameter) => operation.Arguments[parameter] is [var only]
        ? only
        : throw new BrokenModelException($"{Of(parameter)} are {operation.Arguments[parameter].Length} values, expected one");

    private ProgramValue Value(string name, string parameter) => values.TryGetValue(name, out var value)
        ? value
        : throw new BrokenModelException($"{Of(parameter)} is '{name}', which no operation before it makes");

    private Constant Constant(string parameter) => constants.TryGetValue(Only(parameter), out var constant)
        ? constant
        : throw new BrokenModelException($"{Of(parameter)} is '{Only(parameter)}', which no constant before it is");

    private string Of(string parameter) => $"{parameter} of {operation.Output}";
}
