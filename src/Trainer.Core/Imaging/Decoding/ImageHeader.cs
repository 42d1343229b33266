namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture file's format and size.</summary>
/// <param name="Width">Width of the whole picture in pixels, after EXIF orientation is applied.</param>
/// <param name="Height">Height of the whole picture in pixels, after EXIF orientation is applied.</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height);
