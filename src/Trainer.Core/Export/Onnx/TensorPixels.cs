using Trainer.Core.Imaging;

namespace Trainer.Core.Export.Onnx;

/// <summary>Preprocessed bytes as the network takes them.</summary>
internal static class TensorPixels
{
    /// <summary>Numbers of a picture.</summary>
    public const int Count = 3 * Preprocessing.ImageSize * Preprocessing.ImageSize;

    /// <summary>Bytes RGBRGB… to normalised planes, float32 [N, 3, 128, 128].</summary>
    public static float[] Of(byte[] pixels)
    {
        const int Plane = Preprocessing.ImageSize * Preprocessing.ImageSize;
        var planes = new float[pixels.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            var (picture, inPicture) = Math.DivRem(i, Plane * 3);
            var (channel, place) = Math.DivRem(inPicture, Plane);
            planes[i] = (float)((pixels[(picture * Plane * 3) + (place * 3) + channel] / Preprocessing.HalfRange) - 1);
        }

        return planes;
    }
}
