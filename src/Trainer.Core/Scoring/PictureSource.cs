using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Scoring;

/// <summary>A picture to be scored.</summary>
/// <param name="Path">Of its file. For bytes, the name that they were stored under.</param>
/// <param name="Bytes">The whole file, where it was read already.</param>
public readonly record struct PictureSource(string Path, byte[]? Bytes = null)
{
    /// <summary>Applies a function to the decoded picture; returns the reason instead if it can't be decoded.</summary>
    internal (T? Made, string? Error) Decoded<T>(int shorterSide, Func<RgbImage, T> make)
    {
        try
        {
            return (make(Bytes is null ? ImageDecoder.DecodeTowards(shorterSide, Path)
                : ImageDecoder.DecodeBytes(shorterSide, Bytes, Path)), null);
        }
        catch (UndecodableImageException e)
        {
            return (default, e.Message);
        }
    }
}
