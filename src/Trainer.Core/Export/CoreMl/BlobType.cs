namespace Trainer.Core.Export.CoreMl;

/// <summary>What weight.bin calls the types of its tensors.</summary>
internal enum BlobType : uint
{
    /// <summary>Two bytes a value.</summary>
    Float16 = 1,

    /// <summary>Four bytes a value.</summary>
    Float32 = 2,

    /// <summary>One signed byte a value.</summary>
    Int8 = 4,
}
