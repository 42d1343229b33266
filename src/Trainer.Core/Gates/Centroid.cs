using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Trainer.Core.Metrics;

namespace Trainer.Core.Gates;

/// <summary>The direction of the subject: the mean of the normals' unit embeddings, scaled to length 1 again.</summary>
/// <param name="Values">A vector of D values with length 1.</param>
/// <param name="Count">How many pictures the centroid was computed from.</param>
/// <param name="Concentration">Length of the mean before scaling: 1 when all embeddings are equal, 0 when they cancel out.</param>
public sealed record Centroid(float[] Values, int Count, double Concentration)
{
    /// <summary>Computes the centroid of a set.</summary>
    /// <exception cref="ArgumentException">The set is empty.</exception>
    public static Centroid Of(EmbeddingSet normals)
    {
        ArgumentNullException.ThrowIfNull(normals);
        if (normals.Count == 0)
        {
            throw new ArgumentException("There is no centroid of nothing.");
        }

        var mean = Sum(normals);
        TensorPrimitives.Divide(mean, normals.Count, mean);
        var concentration = TensorPrimitives.Norm<double>(mean);
        var values = Array.ConvertAll(mean, v => (float)v);
        Cosine.Normalise(values);
        return new Centroid(values, normals.Count, concentration);
    }

    /// <summary>
    /// SHA-256 of the values as little-endian float32, in hexadecimal; with it an app can check that it has the right centroid.
    /// </summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(Values)));

    /// <summary>Cosine of each embedding to the centroid, −1 to 1.</summary>
    public float[] Cosines(EmbeddingSet embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return [.. Enumerable.Range(0, embeddings.Count).Select(i => Cosine.Of(embeddings[i], Values))];
    }

    /// <summary>
    /// Cosine of each normal to the centroid of all OTHER normals, as for a picture that the centroid wasn't computed from.
    /// </summary>
    /// <remarks>With few normals, each one pulls the centroid towards itself, so its cosine to the common centroid is too high.</remarks>
    public static float[] LeaveOneOutCosines(EmbeddingSet normals) =>
        LeaveOneOutCosines(normals, normals, [.. Enumerable.Range(0, normals?.Count ?? 0)]);

    /// <summary>The same for other views of the normals: the cosine of each view to the centroid of all normals except its own.</summary>
    /// <param name="views">Embeddings of the views, any number for each normal.</param>
    /// <param name="of">For each view, the index of its normal.</param>
    public static float[] LeaveOneOutCosines(EmbeddingSet normals, EmbeddingSet views, IReadOnlyList<int> of)
    {
        ArgumentNullException.ThrowIfNull(normals);
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(of);
        if (normals.Count < 2)
        {
            return [.. Enumerable.Repeat(1f, views.Count)];
        }

        var sum = Sum(normals);
        var others = new float[normals.Size];
        var cosines = new float[views.Count];
        for (var i = 0; i < views.Count; i++)
        {
            for (var d = 0; d < others.Length; d++)
            {
                others[d] = (float)(sum[d] - normals[of[i]][d]);
            }

            cosines[i] = Cosine.Of(views[i], others);
        }

        return cosines;
    }

    /// <summary>The leave-one-out cosine of a normal that this centroid was computed from, given its cosine to the centroid.</summary>
    /// <remarks>
    /// If the mean of N normals has length k, the sum of the others is N·k·c − x, so the result is exact without their embeddings.
    /// </remarks>
    /// <param name="cosine">−1 to 1.</param>
    public float LeaveOneOut(float cosine)
    {
        var sum = Count * Concentration;
        var others = Math.Sqrt((sum * sum) - (2 * sum * cosine) + 1);
        return Count < 2 || others == 0 ? 1 : (float)Math.Clamp(((sum * cosine) - 1) / others, -1, 1);
    }

    private static double[] Sum(EmbeddingSet embeddings)
    {
        var sum = new double[embeddings.Size];
        for (var i = 0; i < embeddings.Count; i++)
        {
            for (var d = 0; d < sum.Length; d++)
            {
                sum[d] += embeddings[i][d];
            }
        }

        return sum;
    }
}
