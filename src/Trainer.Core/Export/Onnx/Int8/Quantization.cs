namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>How unsigned bytes stand for real values: value = (byte − zero) · scale.</summary>
/// <param name="Zero">The byte that stands for 0, so that padding with zeros is exact.</param>
internal readonly record struct Quantization(float Scale, byte Zero)
{
    private const int Steps = 255;

    /// <summary>The quantisation that covers a range. The range is extended to include 0 and not to be empty.</summary>
    public static Quantization Over(double low, double high)
    {
        low = Math.Min(low, 0);
        var scale = Math.Max((Math.Max(high, 0) - low) / Steps, 1e-8);
        return new((float)scale, (byte)Math.Round(Math.Clamp(-low / scale, 0, Steps)));
    }
}
