using TorchSharp;
using Trainer.Core.Gates;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>Sums over photos and over their views' differences from them, from which a covariance is computed.</summary>
internal sealed class ViewSums : IDisposable
{
    private static readonly Scalar One = 1; // held in a field: docs/decisions/0006

    /// <summary>Starts with no photos.</summary>
    /// <param name="featureSize">F.</param>
    public ViewSums(int featureSize)
        : this(new FeatureSums(featureSize), new FeatureSums(featureSize))
    {
    }

    private ViewSums(FeatureSums photos, FeatureSums differences) => (Photos, Differences) = (photos, differences);

    /// <summary>Sums over the unchanged photos.</summary>
    public FeatureSums Photos { get; }

    /// <summary>Sums over the views' differences from their photos, each multiplied by the square root of its weight.</summary>
    private FeatureSums Differences { get; }

    /// <summary>Adds photos.</summary>
    /// <param name="features">[n, 1 + views, F]: for each photo the features of the photo itself, then of its views.</param>
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

    /// <summary>Adds all photos of other sums.</summary>
    public void Add(ViewSums other)
    {
        Photos.Add(other.Photos);
        Differences.Add(other.Differences);
    }

    /// <summary>The exact sums as bytes, for <see cref="Read"/>.</summary>
    public byte[] ToBytes()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        Photos.Write(writer);
        Differences.Write(writer);
        return bytes.ToArray();
    }

    /// <summary>Reads sums that another process wrote by <see cref="ToBytes"/>.</summary>
    /// <param name="featureSize">F.</param>
    public static ViewSums Read(byte[] bytes, int featureSize)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return new(FeatureSums.Read(reader, featureSize), FeatureSums.Read(reader, featureSize));
    }

    /// <summary>The covariance of the photos and their views, [F, F].</summary>
    /// <param name="mean">The mean of the photos, [F].</param>
    public Tensor Covariance(Tensor mean)
    {
        using var scope = NewDisposeScope();
        using Scalar count = Math.Max(Photos.Count, 1);
        return Photos.ScatterAbout(mean).div_(count).add_(Nuisance(), One).MoveToOuterDisposeScope();
    }

    /// <summary>The covariance of the views' differences from their photos alone, [F, F].</summary>
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
