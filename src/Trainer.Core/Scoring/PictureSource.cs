using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Scoring;

/// <summary>A picture to be scored.</summary>
/// <param name="Path">Of its file.</param>
public readonly record struct PictureSource(string Path)
{
    /// <summary>Applies a function to the decoded picture; returns the reason instead if it can't be decoded.</summary>
    internal (T? Made, string? Error) Decoded<T>(int shorterSide, Func<RgbImage, T> make)
    {
        try
        {
            return (make(ImageDecoder.DecodeTowards(shorterSide, Path)), null);
        }
        catch (UndecodableImageException e)
        {
            return (default, e.Message);
        }
    }
}
