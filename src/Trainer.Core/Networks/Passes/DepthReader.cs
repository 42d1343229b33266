using Trainer.Core.Kernels.Statistics;

namespace Trainer.Core.Networks.Passes;

/// <summary>Computes the statistics that <see cref="Descriptor"/> defines, for <see cref="FeatureKind.Depths"/>.</summary>
internal sealed unsafe class DepthReader : IMapReader
{
    private static readonly Dictionary<int, Place> Places = Descriptor.Depths.ToDictionary(
        depth => depth.Block, depth => new Place(depth, Descriptor.FirstMean(depth), Descriptor.FirstCovariance(depth)));

    public int Size => Descriptor.Size;

    public bool Reads(int block) => Places.ContainsKey(block);

    public void Forward(int block, float* map, int places, float* statistics)
    {
        var (depth, mean, covariance) = Places[block];
        MapMoments.Forward(map, places, depth.Channels, Descriptor.VarianceEpsilon, statistics + mean, statistics + mean + depth.Channels);
        if (depth.HasCovariances)
        {
            MapCovariances.Forward(map, places, depth.Channels, statistics + mean, statistics + covariance);
        }
    }

    public void Backward(int block, float* map, int places, float* statistics, float* gradients, float* flow)
    {
        var (depth, mean, covariance) = Places[block];
        var deviation = mean + depth.Channels;
        MapMoments.Backward(
            map, places, depth.Channels, statistics + mean, statistics + deviation, gradients + mean, gradients + deviation, flow);
        if (depth.HasCovariances)
        {
            MapCovariances.Backward(map, places, depth.Channels, statistics + mean, gradients + covariance, flow);
        }
    }

    /// <summary>The indices at which a depth's means and covariances begin among the statistics.</summary>
    private readonly record struct Place(Depth Depth, int Mean, int Covariance);
}
