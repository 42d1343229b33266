using System.Diagnostics.CodeAnalysis;

namespace Trainer.Core.Export;

/// <summary>The precision in which an exported file stores its weights.</summary>
public enum Precision
{
    /// <summary>32-bit floats, as trained.</summary>
    Fp32,

    /// <summary>16-bit floats, which halve the size.</summary>
    Fp16,

    /// <summary>Bytes, a quarter of the size; also computed in bytes where the format supports it.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The name that users type, and that the formats have for it.")]
    Int8,
}
