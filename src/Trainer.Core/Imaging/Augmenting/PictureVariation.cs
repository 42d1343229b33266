namespace Trainer.Core.Imaging.Augmenting;

/// <summary>In what way a view of a photo differs from the photo as the network would see it.</summary>
internal enum PictureVariation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As another phone could have taken it a moment later: framing, mirror, light, blur, compression, and how it was made smaller.</summary>
    Retaken,

    /// <summary>Made smaller by another program's filter, and nothing else.</summary>
    Rescaled,

    /// <summary>Only a strip of it, along its lines, on plain ground.</summary>
    Strip,
}
