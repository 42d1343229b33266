
using Trainer.Core.Export.Proof.CoreMl;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>An operation of the graph.</summary>
/// <param name="Code">The public number of its operator.</param>
/// <param name="Version">Version of the operator.</param>
/// <param name="Inputs">Indices of the input tensors.</param>
/// <param name="Options">The operation's settings; null if it has none.</param>
internal sealed record GraphOperation(int Code, int Version, int[] Inputs, int Output, FlatTable? Options)
{
    private const int LargestOldCode = 127; // codes below this one are also stored in a byte, for older readers

    /// <param name="operation">An Operator table.</param>
    /// <param name="codes">The model's operators, which operations refer to by index.</param>
    public static GraphOperation Read(FlatTable operation, FlatTable[] codes, int tensors)
    {
        var index = operation.Whole(0);
        if (index < 0 || index >= codes.Length || codes[index].Whole(3) is var code
            && (code >= LargestOldCode || codes[index].Byte(0) != code))
        {
            throw new BrokenModelException($"an operation is of kind {index}, which the model doesn't declare");
        }

        var (inputs, outputs) = (operation.Wholes(1), operation.Wholes(2));
        if (outputs is not [var output] || inputs.Length == 0 || inputs.Append(output).Any(place => place < 0 || place >= tensors))
        {
            throw new BrokenModelException(
                $"an operation of kind {code} makes {outputs.Length} values of {inputs.Length}, or names a tensor that isn't there");
        }

        var rule = OperatorRule.For(code);
        if (operation.Byte(3) != rule.Union)
        {
            throw new BrokenModelException($"a {rule.Name} has settings of kind {operation.Byte(3)}, expected {rule.Union}");
        }

        return new GraphOperation(
            code, codes[index].Whole(2), inputs, output,
            rule.Union == 0 ? null : operation.Table(4, $"the settings of a {rule.Name}", rule.Settings));
    }
}
