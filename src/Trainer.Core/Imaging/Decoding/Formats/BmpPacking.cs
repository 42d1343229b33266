namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>How a bitmap's pixels are stored; the values are those in its header.</summary>
internal enum BmpPacking
{
    /// <summary>Uncompressed, as palette indices or as blue, green and red.</summary>
    None,

    /// <summary>Run-length encoded 8-bit indices.</summary>
    Rle8,

    /// <summary>Run-length encoded 4-bit indices.</summary>
    Rle4,

    /// <summary>Uncompressed channels whose bits are given by masks.</summary>
    Masks,

    /// <summary>The same, with a mask for transparency.</summary>
    MasksWithAlpha = 6,
}
