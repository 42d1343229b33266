namespace Trainer.Core.Imaging;

/// <summary>A rectangle in a picture, in pixels and fractions of pixels from the top left corner.</summary>
public readonly record struct CropBox(double X, double Y, double Width, double Height)
{
    /// <summary>The largest square in the middle of a picture, aligned to whole pixels.</summary>
    public static CropBox CentreSquare(int width, int height)
    {
        var edge = Math.Min(width, height);
        return new CropBox((width - edge) / 2, (height - edge) / 2, edge, edge);
    }
}
