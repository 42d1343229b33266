using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Trainer.Core.Gates;

/// <summary>
/// The linear layer after the features, computed instead of trained: it expresses a picture's distance from the subject as an angle to an
/// axis.
/// </summary>
/// <remarks>
/// Let m be the mean of the normals' features and S the covariance of photos of the subject. A matrix W with W Wᵀ = S⁻¹ whitens the
/// features: |(f − m) W| is the Mahalanobis distance. Of the whitened space only D − 1 directions V are kept, those in which ordinary
/// photos are farthest from m: z = (f − m) W V. With a constant c added, the embedding is [c, z], and its cosine to the axis (1, 0, …, 0)
/// is c / √(c² + |z|²). So the distance becomes a 512-d layer and a centroid. With fewer normals than features it is the distance from the
/// subspace that the normals span (like the residual of Wang et al. 2022, ViM, <see href="https://arxiv.org/abs/2203.10807"/>); with many
/// normals it becomes the Mahalanobis distance (Lee et al. 2018, <see href="https://arxiv.org/abs/1807.03888"/>).
/// </remarks>
/// <param name="Weights">[D, F], row-major; the first row is 0.</param>
/// <param name="Bias">[D]; the first value is c.</param>
/// <param name="FeatureSize">F.</param>
internal sealed record ClosedFormHead(float[] Weights, float[] Bias, int FeatureSize)
{
    private const double LeastCosine = 1e-6;
    private const double LeastSingularValue = 1e-6; // relative to the largest; smaller ones are only rounding errors

    /// <summary>D.</summary>
    public int EmbeddingSize => Bias.Length;

    /// <summary>The axis that all embeddings are compared with.</summary>
    public static float[] Axis(int embeddingSize) => [1, .. new float[embeddingSize - 1]];

    /// <summary>The cosine of a distance |z| when the constant is c.</summary>
    public static double CosineAt(double distance, double constant) => constant / Math.Sqrt((constant * constant) + (distance * distance));

    /// <summary>The distance |z| of a cosine when the constant is c.</summary>
    /// <param name="cosine">Above 0, at most 1.</param>
    public static double DistanceAt(double cosine, double constant) => constant * Math.Sqrt(Math.Max((1 / (cosine * cosine)) - 1, 0));

    /// <summary>The threshold that the promised share of photos reaches; see <see cref="Tail"/>.</summary>
    /// <param name="cosines">Cosines of calibration photos, each by a head that was computed without it; above 0, at least one.</param>
    /// <param name="acceptRate">Above 0, at most 1.</param>
    public static Threshold ThresholdOf(float[] cosines, double acceptRate)
    {
        var limit = Tail.DistanceOf(
            acceptRate, Array.ConvertAll(cosines, cosine => DistanceAt(Math.Max(cosine, LeastCosine), constant: 1)));
        return new Threshold((float)CosineAt(limit, constant: 1), acceptRate, cosines.Length);
    }

    /// <summary>The distance |z| of a feature vector.</summary>
    /// <param name="features">F values.</param>
    public double Distance(ReadOnlySpan<float> features)
    {
        var sum = 0.0;
        for (var d = 1; d < EmbeddingSize; d++)
        {
            var z = TensorPrimitives.Dot(features, Weights.AsSpan(d * FeatureSize, FeatureSize)) + Bias[d];
            sum += z * z;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The same layer with another constant.</summary>
    public ClosedFormHead With(double constant) => this with { Bias = [(float)constant, .. Bias[1..]] };

    /// <summary>Computes the layer, with c = 1.</summary>
    /// <param name="mean">m, [F].</param>
    /// <param name="covariance">S, [F, F], positive definite; see <see cref="Shrinkage"/>. Its contents are overwritten.</param>
    /// <param name="ordinary">
    /// Ordinary photos. If their differences from the mean span fewer than D − 1 directions, the last rows are 0.
    /// </param>
    /// <param name="embeddingSize">D, at least 2.</param>
    public static ClosedFormHead Solve(Tensor mean, Tensor covariance, FeatureSums ordinary, int embeddingSize)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(ordinary);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var lower = linalg.cholesky(covariance);                                                                // S = L Lᵀ, so W = L⁻ᵀ
        var white = linalg.solve_triangular(lower, ordinary.FactorAbout(mean).t(), upper: false).t();             // [r, F]
        var directions = LargestDirections(white, embeddingSize - 1);                                           // [F, k]
        var layer = linalg.solve_triangular(lower.t(), directions, upper: true).t().contiguous();                // [k, F] = (W V)ᵀ
        var shift = layer.mv(mean);                                                                             // [k]
        var size = (int)mean.shape[0];
        var weights = new float[embeddingSize * size];
        var bias = new float[embeddingSize];
        bias[0] = 1;
        if (directions.shape[1] == 0)
        {
            return new ClosedFormHead(weights, bias, size); // there are no ordinary photos to tell the subject from
        }

        layer.to(ScalarType.Float32).data<float>().ToArray().CopyTo(weights, size);
        shift.negative().to(ScalarType.Float32).data<float>().ToArray().CopyTo(bias, 1);
        return new ClosedFormHead(weights, bias, size);
    }

    /// <summary>The right singular vectors of the largest singular values, computed from the smaller of MMᵀ and MᵀM.</summary>
    /// <param name="matrix">[r, F].</param>
    /// <returns>[F, k] with orthonormal columns; k is at most <paramref name="most"/>.</returns>
    private static Tensor LargestDirections(Tensor matrix, int most)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (matrix.shape[0], matrix.shape[1]);
        if (rows == 0)
        {
            return zeros(columns, 0, dtype: ScalarType.Float64).MoveToOuterDisposeScope();
        }

        var isWide = rows < columns;
        var (squares, vectors) = linalg.eigh(isWide ? matrix.mm(matrix.t()) : matrix.t().mm(matrix)); // ascending
        var values = squares.data<double>().ToArray();
        var floor = values[^1] * LeastSingularValue * LeastSingularValue;
        var kept = Math.Min(values.Count(value => value > floor), most);
        var largest = vectors.slice(1, values.Length - kept, values.Length, 1).flip(1); // descending
        if (!isWide)
        {
            return largest.contiguous().MoveToOuterDisposeScope();
        }

        var lengths = tensor(Enumerable.Range(0, kept).Select(i => Math.Sqrt(values[values.Length - 1 - i])).ToArray());
        return matrix.t().mm(largest).div_(lengths).MoveToOuterDisposeScope();
    }
}
