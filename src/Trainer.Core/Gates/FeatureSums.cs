using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Gates;

/// <summary>
/// Summarises many feature vectors for computing a gate: their count, their sum, and the sum of their outer products, in float64.
/// </summary>
/// <remarks>
/// The memory needed doesn't grow with the number of photos. Parts of a collection can be summed separately and then added, and a fold can
/// be left out by not adding it. While there are no more vectors than features, the vectors themselves are kept instead of their products,
/// since they take less memory.
/// </remarks>
internal sealed class FeatureSums : IDisposable
{
    private static readonly Scalar One = 1; // held in a field: docs/decisions/0006
    private static readonly Scalar MinusOne = -1;

    private readonly Tensor sum; // [F]
    private readonly List<Tensor> rows = []; // the vectors, [n, F] each; empty once products are used
    private Tensor? products; // [F, F]

    /// <summary>Starts with no vectors.</summary>
    /// <param name="size">F, the length of a feature vector.</param>
    public FeatureSums(int size)
    {
        Size = size;
        sum = zeros(size, dtype: ScalarType.Float64).DetachFromDisposeScope();
    }

    /// <summary>F, the length of a feature vector.</summary>
    public int Size { get; }

    /// <summary>How many vectors were added.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of the vectors, [F].</summary>
    public Tensor Mean()
    {
        using Scalar count = Math.Max(Count, 1);
        return sum.div(count);
    }

    /// <summary>Adds vectors.</summary>
    /// <param name="features">[n, F], of any floating-point type; the tensor isn't kept.</param>
    public void Add(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var wide = features.to(ScalarType.Float64); // [n, F]
        sum.add_(wide.sum([0]), One);
        Count += wide.shape[0];
        AddProducts(wide.clone());
    }

    /// <summary>Adds all vectors of another summary.</summary>
    public void Add(FeatureSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        sum.add_(other.sum, One);
        Count += other.Count;
        if (other.rows.Count > 0)
        {
            AddProducts(cat(other.rows, 0)); // hundreds of single vectors would make as many matrices [F, F]
        }

        if (other.products is not null)
        {
            AddToProducts(other.products);
        }
    }

    /// <summary>Writes the exact sums, for <see cref="Read"/>.</summary>
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

    /// <summary>Reads sums that another process wrote.</summary>
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

    /// <summary>The scatter matrix Σ (f − m)(f − m)ᵀ about any centre m, [F, F].</summary>
    /// <param name="centre">m, [F].</param>
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

    /// <summary>A matrix R with at most F rows and RᵀR = <see cref="ScatterAbout"/>.</summary>
    /// <param name="centre">m, [F].</param>
    public Tensor FactorAbout(Tensor centre)
    {
        using var scope = NewDisposeScope();
        if (products is null)
        {
            return RowsAbout(centre).MoveToOuterDisposeScope();
        }

        var scatter = ScatterAbout(centre);
        // Keeps the matrix positive definite when the vectors lie in a subspace.
        using Scalar least = Math.Max(scatter.trace().item<double>() / Size, 1e-30) * 1e-10;
        return linalg.cholesky(scatter.add_(eye(Size, dtype: ScalarType.Float64).mul_(least), One)).t().contiguous()
            .MoveToOuterDisposeScope();
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
            using var product = row.t().mm(row); // 28 MB, and there are dozens of rows
            products.add_(product, One);
            row.Dispose();
        }

        rows.Clear();
    }
}
