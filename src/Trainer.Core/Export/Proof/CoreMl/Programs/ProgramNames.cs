using System.Text.RegularExpressions;

namespace Trainer.Core.Export.Proof.CoreMl.Programs;

/// <summary>Checks the names of an ML Program's values.</summary>
internal static partial class ProgramNames
{
    private static readonly HashSet<string> Reserved =
    [
        "any", "bool", "program", "func", "tensor", "list", "dict", "tuple", "true", "false", "string", "bf16", "fp16", "fp32", "fp64",
        "int8", "int16", "int32",
        "int64", "uint8", "uint16", "uint32", "uint64",
    ];

    public static void Require(string name)
    {
        if (!Identifier().IsMatch(name) || Reserved.Contains(name))
        {
            throw new BrokenModelException($"'{name}' is no name for a value");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_@]*\z")]
    private static partial Regex Identifier();
}
