using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Gates;

/// <summary>What a gate has to know of many feature vectors: how many there are, their sum, and the sum of their products.</summary>
/// <remarks>
/// Sums alone, in float64: so memory is the same for a hundred photos and for a million, parts of a collection can be summed apart and joined, and
/// what a fold of the photos brought in can be left out by not joining it. As long as there are no more vectors than numbers in a vector, the vectors
/// themselves are kept instead of their products, since they are fewer.
/// </remarks>
internal sealed class FeatureSums : IDisposable
{
    private static readonly Scalar One = 1; // held: docs/decisions/0006
    private static readonly Scalar MinusOne = -1;

    private readonly Tensor sum; // [F]
    private readonly List<Tensor> rows = []; // [n, F] each; empty once there are products
    private Tensor? products; // [F, F]

    /// <summary>Sums of nothing.</summary>
    /// <param name="size">F, the numbers of a feature vector.</param>
    public FeatureSums(int size)
    {
        Size = size;
        sum = zeros(size, dtype: ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>F.</summary>
    public int Size { get; }

    /// <summary>Vectors that were added.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean, [F].</summary>
    public Tensor Mean()
    {
        using Scalar count = Math.Max(Count, 1);
        return sum.div(count);
    }

    /// <summary>Takes vectors in.</summary>
    /// <param name="features">[n, F], of any float type; not kept.</param>
    public void Add(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var wide = features.to(ScalarType.Float64); // [n, F]
        sum.add_(wide.sum([0]), One);
        Count += wide.shape[0];
        AddProducts(wide.clone());
    }

    /// <summary>Takes in all that another one holds.</summary>
    public void Add(FeatureSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        sum.add_(other.sum, One);
        Count += other.Count;
        other.rows.ForEach(AddProducts);
        if (other.products is not null)
        {
            AddToProducts(other.products);
        }
    }

    /// <summary>Writes the sums for <see cref="Read"/>, to the last bit.</summary>
    public void Write(BinaryWriter to)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Write(Count);
        to.Write(products is not null);
        to.Write(rows.Count);
        rows.ForEach(row => to.Write((int)row.shape[0]));
        foreach (var tensor in (Tensor?[])[sum, .. rows, products])
        {
            to.Write(tensor is null ? [] : tensor.bytes);
        }
    }

    /// <summary>Sums that another process wrote.</summary>
    /// <param name="size">F.</param>
    public static FeatureSums Read(BinaryReader from, int size)
    {
        ArgumentNullException.ThrowIfNull(from);
        var sums = new FeatureSums(size) { Count = from.ReadInt64() };
        var hasProducts = from.ReadBoolean();
        int[] lengths = [.. Enumerable.Range(0, from.ReadInt32()).Select(_ => from.ReadInt32())];
        from.BaseStream.ReadExactly(sums.sum.bytes);
        sums.rows.AddRange(lengths.Select(length => Matrix(length)));
        sums.products = hasProducts ? Matrix(size) : null;
        return sums;

        Tensor Matrix(int height)
        {
            var matrix = empty(height, size, dtype: ScalarType.Float64).DetachFromDisposeScope();
            from.BaseStream.ReadExactly(matrix.bytes);
            return matrix;
        }
    }

    /// <summary>Σ (f − m)(f − m)ᵀ about any centre m, [F, F].</summary>
    /// <param name="centre">[F].</param>
    public Tensor ScatterAbout(Tensor centre)
    {
        using var scope = NewDisposeScope();
        if (products is null)
        {
            var centred = RowsAbout(centre);
            return centred.t().mm(centred).MoveToOuterDisposeScope();
        }

        using Scalar count = Count;
        var cross = sum.outer(centre); // [F, F]
        var result = products.add(cross, MinusOne).add_(cross.t(), MinusOne).add_(centre.outer(centre).mul_(count), One);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>A matrix R with RᵀR = <see cref="ScatterAbout"/>, of no more than F rows.</summary>
    /// <param name="centre">[F].</param>
    public Tensor FactorAbout(Tensor centre)
    {
        using var scope = NewDisposeScope();
        if (products is null)
        {
            return RowsAbout(centre).MoveToOuterDisposeScope();
        }

        var scatter = ScatterAbout(centre);
        using Scalar least = Math.Max(scatter.trace().item<double>() / Size, 1e-30) * 1e-10; // so that it can be factored where vectors lie in a subspace
        return linalg.cholesky(scatter.add_(eye(Size, dtype: ScalarType.Float64).mul_(least), One)).t().contiguous().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sum.Dispose();
        products?.Dispose();
        rows.ForEach(row => row.Dispose());
    }

    private Tensor RowsAbout(Tensor centre) =>
        rows.Count == 0 ? zeros(0, Size, dtype: ScalarType.Float64) : cat(rows, 0).add_(centre, MinusOne);

    private void AddProducts(Tensor wide)
    {
        if (products is null && rows.Sum(row => row.shape[0]) + wide.shape[0] <= Size)
        {
            rows.Add(wide.alias().DetachFromDisposeScope());
            return;
        }

        AddToProducts(wide.t().mm(wide));
    }

    private void AddToProducts(Tensor more)
    {
        products ??= zeros(Size, Size, dtype: ScalarType.Float64).DetachFromDisposeScope();
        products.add_(more, One);
        foreach (var row in rows)
        {
            products.add_(row.t().mm(row), One);
            row.Dispose();
        }

        rows.Clear();
    }
}
