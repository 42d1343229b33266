namespace Trainer.Core.Export.CoreMl;

/// <summary>The codes in weight.bin for the types of tensors.</summary>
internal enum BlobType : uint
{
    /// <summary>Two bytes per value.</summary>
    Float16 = 1,

    /// <summary>Four bytes per value.</summary>
    Float32 = 2,

    /// <summary>One signed byte per value.</summary>
    Int8 = 4,
}
