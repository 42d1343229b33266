namespace Trainer.Core.Imaging;

/// <summary>A picture in memory: 8-bit sRGB, three channels, row by row from the top left.</summary>
/// <param name="Pixels">Width · Height · 3 bytes: R, G, B, R, …</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels);
