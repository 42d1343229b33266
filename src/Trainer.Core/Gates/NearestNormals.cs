using System.Numerics.Tensors;

namespace Trainer.Core.Gates;

/// <summary>The mean cosine to the nearest few of the subject's photos: a gate that stores photos instead of learning.</summary>
/// <remarks>
/// With frozen features it is hard to beat: Bergman, Cohen and Hoshen 2020, <see href="https://arxiv.org/abs/2002.10445"/>, who use
/// distances.
/// </remarks>
internal static class NearestNormals
{
    /// <summary>K, how many of the nearest photos are averaged.</summary>
    public const int Nearest = 5;

    /// <summary>The mean cosine of each embedding to its K nearest normals, or to all normals if there are fewer; −1 to 1.</summary>
    /// <param name="normals">Embeddings of the subject's photos, at least one.</param>
    public static float[] Cosines(EmbeddingSet normals, EmbeddingSet embeddings)
    {
        var cosines = new float[embeddings.Count];
        var all = new float[normals.Count];
        for (var i = 0; i < cosines.Length; i++)
        {
            for (var n = 0; n < all.Length; n++)
            {
                all[n] = TensorPrimitives.Dot(embeddings[i], normals[n]); // both have length 1
            }

            Array.Sort(all);
            var nearest = all.AsSpan(Math.Max(all.Length - Nearest, 0));
            cosines[i] = TensorPrimitives.Sum<float>(nearest) / nearest.Length;
        }

        return cosines;
    }
}
