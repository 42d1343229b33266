using System.Buffers.Binary;

namespace Trainer.Core.Weights;

/// <summary>One named tensor as it is stored in a file: little-endian, row-major, without gaps.</summary>
/// <remarks>
/// Two of them are equal only if they share the same arrays; to compare their numbers, compare the content of <see cref="Data"/>.
/// </remarks>
/// <param name="Name">The key in the state dict, such as <c>features.0.0.weight</c>.</param>
/// <param name="Type">Type of one number.</param>
/// <param name="Shape">Size of each dimension, outermost first; empty for a scalar.</param>
/// <param name="Data">The numbers; the length in bytes must fit type and shape.</param>
/// <exception cref="ArgumentException">The length of <paramref name="Data"/> doesn't fit type and shape.</exception>
public sealed record WeightTensor(string Name, WeightType Type, long[] Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Type of one number.</summary>
    public WeightType Type { get; } = Type;

    /// <summary>Size of each dimension, outermost first; empty for a scalar.</summary>
    public long[] Shape { get; } = Shape;

    /// <summary>The numbers, little-endian; often a slice of the whole file's bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; } = Type.ByteCount(Shape) == Data.Length
        ? Data
        : throw new ArgumentException($"{Name} has {Data.Length} bytes; {Type} {ErrorText.Shape(Shape)} asks for {Type.ByteCount(Shape)}.");

    /// <summary>How many numbers the tensor has; 1 for a scalar.</summary>
    public int Count => Data.Length / Type.Size();

    /// <summary>The numbers as float32, row-major; float64 is rounded to the nearest.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Type"/> isn't a floating-point type.</exception>
    public float[] ToSingles()
    {
        var bytes = Data.Span;
        var size = Type.Size();
        var numbers = new float[Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            var at = bytes[(i * size)..];
            numbers[i] = Type switch
            {
                WeightType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                WeightType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
                WeightType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                WeightType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
                _ => throw new InvalidOperationException($"{Name} is {Type}; only floating types become float32."),
            };
        }

        return numbers;
    }
}
