namespace Trainer.Core.Export.Rounding;

/// <summary>Weights in 8 bits with a scale for each output channel: w ≈ q · scale, symmetric about 0.</summary>
/// <param name="Values">q, −127 to 127, row-major, the output channel first.</param>
/// <param name="Scales">One scale per output channel, each exactly representable in float16, as Core ML stores it.</param>
internal sealed record Int8Weights(sbyte[] Values, float[] Scales)
{
    /// <summary>The largest |q|.</summary>
    public const int Largest = sbyte.MaxValue;

    /// <summary>The real weights, q · scale.</summary>
    public float[] Widened()
    {
        var length = Values.Length / Scales.Length;
        return [.. Values.Select((value, i) => value * Scales[i / length])];
    }
}
