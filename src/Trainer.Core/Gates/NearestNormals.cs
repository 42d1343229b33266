using System.Numerics.Tensors;

namespace Trainer.Core.Gates;

/// <summary>Mean cosine to the few nearest of the subject's photos: a gate that remembers instead of learning.</summary>
/// <remarks>With frozen features it is hard to beat: Bergman, Cohen and Hoshen 2020, <see href="https://arxiv.org/abs/2002.10445"/> (there with distances).</remarks>
internal static class NearestNormals
{
    /// <summary>K.</summary>
    public const int Nearest = 5;

    /// <summary>Of each embedding, −1 to 1, to its K nearest normals; to all of them where there are fewer.</summary>
    /// <param name="normals">At least one.</param>
    public static float[] Cosines(EmbeddingSet normals, EmbeddingSet embeddings)
    {
        var cosines = new float[embeddings.Count];
        var all = new float[normals.Count];
        for (var i = 0; i < cosines.Length; i++)
        {
            for (var n = 0; n < all.Length; n++)
            {
                all[n] = TensorPrimitives.Dot(embeddings[i], normals[n]); // both of length 1
            }

            Array.Sort(all);
            var nearest = all.AsSpan(Math.Max(all.Length - Nearest, 0));
            cosines[i] = TensorPrimitives.Sum<float>(nearest) / nearest.Length;
        }

        return cosines;
    }
}
