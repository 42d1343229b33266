namespace Trainer.Core.Weights;

/// <summary>Sizes of the <see cref="WeightType"/>s, and their names in safetensors files.</summary>
internal static class WeightTypes
{
    // Names: https://huggingface.co/docs/safetensors, "Format".
    private static readonly Dictionary<WeightType, (string Name, int Size)> Facts = new()
    {
        [WeightType.Float64] = ("F64", 8),
        [WeightType.Float32] = ("F32", 4),
        [WeightType.Float16] = ("F16", 2),
        [WeightType.BFloat16] = ("BF16", 2),
        [WeightType.Int64] = ("I64", 8),
        [WeightType.Int32] = ("I32", 4),
        [WeightType.Int16] = ("I16", 2),
        [WeightType.Int8] = ("I8", 1),
        [WeightType.UInt8] = ("U8", 1),
        [WeightType.Bool] = ("BOOL", 1),
    };

    private static readonly Dictionary<string, WeightType> ByName = Facts.ToDictionary(fact => fact.Value.Name, fact => fact.Key);

    /// <summary>Bytes that one number takes: 1, 2, 4 or 8.</summary>
    public static int Size(this WeightType type) => Facts[type].Size;

    /// <summary>True for the four floating-point types.</summary>
    public static bool IsFloating(this WeightType type) => type <= WeightType.BFloat16;

    /// <summary>The size in bytes of a tensor of this shape, row-major and without gaps.</summary>
    /// <param name="type">Type of one number.</param>
    /// <param name="shape">Size of each dimension; none for a scalar.</param>
    /// <returns>The number of bytes, or null if a dimension is negative or the product exceeds 2^63 − 1.</returns>
    public static long? ByteCount(this WeightType type, ReadOnlySpan<long> shape)
    {
        long count = type.Size();
        foreach (var edge in shape)
        {
            var product = (Int128)count * edge;
            if (edge < 0 || product > long.MaxValue)
            {
                return null;
            }

            count = (long)product;
        }

        return count;
    }

    internal static string SafetensorsName(this WeightType type) => Facts[type].Name;

    internal static WeightType? FromSafetensorsName(string name) => ByName.TryGetValue(name, out var type) ? type : null;

    internal static string SafetensorsNames => string.Join(", ", ByName.Keys);
}
