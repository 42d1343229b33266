namespace Trainer.Core.Imaging.Decoding;

/// <summary>What a picture's file says of it.</summary>
/// <param name="Width">Of the whole picture in pixels, turned as people see it.</param>
/// <param name="Height">The same.</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height);
