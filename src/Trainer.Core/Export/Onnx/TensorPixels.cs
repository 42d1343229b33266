using Microsoft.ML.OnnxRuntime;
using Trainer.Core.Imaging;

namespace Trainer.Core.Export.Onnx;

/// <summary>Converts preprocessed bytes to the network's input.</summary>
internal static class TensorPixels
{
    /// <summary>Converts bytes RGBRGB… to normalised planes.</summary>
    /// <param name="pixels">N · E · E · 3.</param>
    /// <param name="edge">E.</param>
    /// <returns>float32 [N, 3, E, E], which the caller disposes.</returns>
    public static OrtValue Of(byte[] pixels, int edge) =>
        OrtValue.CreateTensorValueFromMemory(Planes(pixels, edge), [pixels.Length / edge / edge / 3, 3, edge, edge]);

    /// <summary>The same as an array, [N, 3, E, E].</summary>
    /// <inheritdoc cref="Of"/>
    public static float[] Planes(byte[] pixels, int edge)
    {
        var plane = edge * edge;
        var planes = new float[pixels.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            var (picture, inPicture) = Math.DivRem(i, plane * 3);
            var (channel, place) = Math.DivRem(inPicture, plane);
            planes[i] = (float)((pixels[(picture * plane * 3) + (place * 3) + channel] / Preprocessing.HalfRange) - 1);
        }

        return planes;
    }
}
