using TorchSharp;
using Trainer.Core.Gates;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>Sums over photos, and over what their views change: all that a covariance takes.</summary>
internal sealed class ViewSums : IDisposable
{
    private static readonly Scalar One = 1; // held: docs/decisions/0006

    /// <summary>Sums of nothing.</summary>
    /// <param name="featureSize">F.</param>
    public ViewSums(int featureSize)
        : this(new FeatureSums(featureSize), new FeatureSums(featureSize))
    {
    }

    private ViewSums(FeatureSums photos, FeatureSums differences) => (Photos, Differences) = (photos, differences);

    /// <summary>Over the photos as they are.</summary>
    public FeatureSums Photos { get; }

    /// <summary>Over the views' differences from their photos, each times the root of its weight.</summary>
    private FeatureSums Differences { get; }

    /// <summary>Takes photos in.</summary>
    /// <param name="features">[n, 1 + views, F]: of each photo as it is, then of its views.</param>
    public void Add(Tensor features, GateView[] views)
    {
        using var scope = NewDisposeScope();
        var wide = features.to(ScalarType.Float64);
        var photos = wide.select(1, 0); // [n, F]
        Photos.Add(photos);
        for (var view = 0; view < views.Length; view++)
        {
            using Scalar root = Math.Sqrt(views[view].Weight);
            Differences.Add(wide.select(1, view + 1).sub(photos).mul_(root));
        }
    }

    /// <summary>Takes in all that another one holds.</summary>
    public void Add(ViewSums other)
    {
        Photos.Add(other.Photos);
        Differences.Add(other.Differences);
    }

    /// <summary>The sums as bytes, to the last bit.</summary>
    public byte[] ToBytes()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        Photos.Write(writer);
        Differences.Write(writer);
        return bytes.ToArray();
    }

    /// <summary>Sums that another process gave as bytes.</summary>
    /// <param name="featureSize">F.</param>
    public static ViewSums Read(byte[] bytes, int featureSize)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return new(FeatureSums.Read(reader, featureSize), FeatureSums.Read(reader, featureSize));
    }

    /// <summary>How the photos and their views vary, [F, F].</summary>
    /// <param name="mean">Of the photos, [F].</param>
    public Tensor Covariance(Tensor mean)
    {
        using var scope = NewDisposeScope();
        using Scalar count = Math.Max(Photos.Count, 1);
        return Photos.ScatterAbout(mean).div_(count).add_(Nuisance(), One).MoveToOuterDisposeScope();
    }

    /// <summary>How the views alone differ from their photos, [F, F].</summary>
    public Tensor Nuisance()
    {
        using var scope = NewDisposeScope();
        using Scalar count = Math.Max(Photos.Count, 1);
        return Differences.ScatterAbout(zeros(Photos.Size, dtype: ScalarType.Float64)).div_(count).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Photos.Dispose();
        Differences.Dispose();
    }
}
