namespace Trainer.Core.Export.Rounding;

/// <summary>Weights in 8 bits, a scale for each output channel: w ≈ q · scale, symmetric about 0.</summary>
/// <param name="Values">q, −127 to 127, row-major, the output channel first.</param>
/// <param name="Scales">One an output channel; each is a float16 exactly, as Core ML stores it.</param>
internal sealed record Int8Weights(sbyte[] Values, float[] Scales)
{
    /// <summary>The largest |q|.</summary>
    public const int Largest = sbyte.MaxValue;

    /// <summary>q · scale.</summary>
    public float[] Widened()
    {
        var length = Values.Length / Scales.Length;
        return [.. Values.Select((value, i) => value * Scales[i / length])];
    }
}
