using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>
/// The statistics that <see cref="Descriptor"/> defines, computed by libtorch: for GPUs, and where libtorch computes the gradients.
/// </summary>
internal static class DepthStatistics
{
    private static readonly Scalar One = 1; // held in a field: docs/decisions/0006
    private static readonly Scalar HeldEpsilon = Descriptor.VarianceEpsilon;

    /// <summary>Computes the statistics of pictures, [N, 1888].</summary>
    /// <param name="blocks">The network's blocks, each a function from feature maps to feature maps.</param>
    /// <param name="images">Normalised pixels, [N, 3, E, E].</param>
    public static Tensor Of(IReadOnlyList<Func<Tensor, Tensor>> blocks, Tensor images)
    {
        using var scope = NewDisposeScope();
        List<Tensor> moments = [], covariances = [];
        var maps = images;
        for (var block = 0; block < blocks.Count; block++)
        {
            maps = blocks[block](maps);
            if (Descriptor.Depths.FirstOrDefault(depth => depth.Block == block) is { } depth)
            {
                var means = maps.mean([2, 3], keepdim: true);                              // [N, C, 1, 1]
                var rest = maps.sub(means);                                                // [N, C, H, W]
                moments.AddRange([means.flatten(1), rest.square().mean([2, 3]).add(HeldEpsilon, One).sqrt()]);
                if (depth.HasCovariances)
                {
                    covariances.Add(Covariances(rest.flatten(2)));
                }
            }
        }

        return cat([.. moments, .. covariances], 1).MoveToOuterDisposeScope();
    }

    /// <param name="rest">Values minus their channel's mean, [N, C, places].</param>
    /// <returns>[N, C · (C − 1) / 2].</returns>
    private static Tensor Covariances(Tensor rest)
    {
        using Scalar places = rest.shape[2];
        var channels = (int)rest.shape[1];
        var pairs = Enumerable.Range(0, channels)
            .SelectMany(i => Enumerable.Range(i + 1, channels - i - 1).Select(j => (i * (long)channels) + j));
        var products = rest.bmm(rest.transpose(1, 2)).div(places).flatten(1);               // [N, C · C]
        return products.index_select(1, tensor(pairs.ToArray()).to(rest.device));
    }
}
