namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>How a bitmap's pixels are stored, by the numbers that its header has for it.</summary>
internal enum BmpPacking
{
    /// <summary>As indices of a palette, or as blue, green and red.</summary>
    None,

    /// <summary>As runs of 8-bit indices.</summary>
    Rle8,

    /// <summary>As runs of 4-bit indices.</summary>
    Rle4,

    /// <summary>As channels whose places are told by masks.</summary>
    Masks,

    /// <summary>The same with a mask for transparency.</summary>
    MasksWithAlpha = 6,
}
