using System.Diagnostics.CodeAnalysis;

namespace Trainer.Core.Export.LiteRt.Schema;

/// <summary>The element types of tensors, with the numbers of TensorFlow Lite's public schema.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The schema's names.")]
internal enum ElementType
{
    /// <summary>Four bytes.</summary>
    Float32 = 0,

    /// <summary>Two bytes.</summary>
    Float16 = 1,

    /// <summary>Four bytes, signed.</summary>
    Int32 = 2,

    /// <summary>One byte.</summary>
    Uint8 = 3,

    /// <summary>True or false.</summary>
    Bool = 6,

    /// <summary>One byte, signed.</summary>
    Int8 = 9,
}
