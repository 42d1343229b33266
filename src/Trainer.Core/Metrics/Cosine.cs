using System.Numerics.Tensors;

namespace Trainer.Core.Metrics;

/// <summary>Cosine similarity of embeddings.</summary>
public static class Cosine
{
    /// <summary>Cosine of the angle between two vectors of any length, −1 to 1; 0 when one of them is zero.</summary>
    public static float Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var lengths = Math.Sqrt((double)TensorPrimitives.SumOfSquares(a) * TensorPrimitives.SumOfSquares(b));
        return lengths == 0 ? 0 : (float)Math.Clamp(TensorPrimitives.Dot(a, b) / lengths, -1, 1);
    }

    /// <summary>Scales a vector to length 1, in place; a zero vector stays zero.</summary>
    public static void Normalise(Span<float> vector)
    {
        var length = (float)Math.Sqrt(TensorPrimitives.SumOfSquares<float>(vector));
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }
    }
}
