using System.Diagnostics.CodeAnalysis;

namespace Trainer.Core.Weights;

/// <summary>How one number of a <see cref="WeightTensor"/> is stored; always little-endian.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "These are names of types.")]
public enum WeightType
{
    /// <summary>IEEE 754 binary64, 8 bytes.</summary>
    Float64,

    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a binary32, 2 bytes.</summary>
    BFloat16,

    /// <summary>Signed, 8 bytes.</summary>
    Int64,

    /// <summary>Signed, 4 bytes.</summary>
    Int32,

    /// <summary>Signed, 2 bytes.</summary>
    Int16,

    /// <summary>Signed, 1 byte.</summary>
    Int8,

    /// <summary>Unsigned, 1 byte.</summary>
    UInt8,

    /// <summary>0 or 1, 1 byte.</summary>
    Bool,
}
