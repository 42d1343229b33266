using System.Diagnostics.CodeAnalysis;

namespace Trainer.Core.Export;

/// <summary>What an exported file keeps its weights in.</summary>
public enum Precision
{
    /// <summary>32-bit floats: as trained.</summary>
    Fp32,

    /// <summary>16-bit floats: half the size.</summary>
    Fp16,

    /// <summary>Bytes: a quarter of the size, and computed in bytes where the format knows how.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The name that users type, and that the formats have for it.")]
    Int8,
}
