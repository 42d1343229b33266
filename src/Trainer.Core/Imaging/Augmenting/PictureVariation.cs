namespace Trainer.Core.Imaging.Augmenting;

/// <summary>How a view of a photo differs from the unchanged photo.</summary>
internal enum PictureVariation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>
    /// As if another phone had taken it a moment later: other framing, mirroring, light, blur, compression and resize filter.
    /// </summary>
    Retaken,

    /// <summary>Only resized with another program's filter.</summary>
    Rescaled,

    /// <summary>Only a strip of the photo, along its lines, on a plain background.</summary>
    Strip,
}
