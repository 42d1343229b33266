using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>A block whose output feature map contributes statistics.</summary>
/// <param name="Block">The block's index in torchvision's <c>features</c>.</param>
/// <param name="Channels">C, the channels of its output, which is linear: no ReLU6 follows.</param>
/// <param name="HasCovariances">True when the covariances between its channels are used as well.</param>
internal sealed record Depth(int Block, int Channels, bool HasCovariances = false)
{
    /// <summary>Pairs of different channels, C · (C − 1) / 2.</summary>
    public int Pairs => Channels * (Channels - 1) / 2;
}

/// <summary>
/// The definition of <see cref="FeatureKind.Depths"/>: how the feature maps of several depths become one vector of features.
/// </summary>
/// <remarks>
/// <para>Statistics, [N, 1888]: for each depth the mean m of every channel over the map's places, then the standard deviation
/// √(mean((x − m)²) + 1e-6) of every channel. After all depths follow the covariances mean((xᵢ − mᵢ)(xⱼ − mⱼ)) with i &lt; j, row by row,
/// of the one depth that has them.</para>
/// <para>Descriptor, [N, 1888]: each statistic x becomes x / √(|x| + 1e-4), a signed square root that is smooth at 0. Then each group is
/// scaled to length 1. The means and deviations of one depth are a group, and the covariances are another, so a descriptor's length is
/// √7.</para>
/// </remarks>
internal static class Descriptor
{
    /// <summary>Added to a variance before its square root is taken.</summary>
    public const double VarianceEpsilon = 1e-6;

    /// <summary>Added to the absolute value of a statistic before its square root is taken.</summary>
    public const double RootEpsilon = 1e-4;

    /// <summary>The smallest length by which a group is divided.</summary>
    public const double LeastLength = 1e-12;

    private static readonly Scalar One = 1; // held in a field: docs/decisions/0006
    private static readonly Scalar HeldRootEpsilon = RootEpsilon;

    /// <summary>The blocks whose outputs contribute statistics, from the first to the last.</summary>
    public static IReadOnlyList<Depth> Depths { get; } =
    [
        new(3, 24), new(6, 32, HasCovariances: true), new(10, 64), new(13, 96), new(16, 160), new(17, 320),
    ];

    /// <summary>The number of statistics in each group, in order.</summary>
    public static IReadOnlyList<int> Groups { get; } =
        [.. Depths.Select(depth => 2 * depth.Channels), .. Depths.Where(depth => depth.HasCovariances).Select(depth => depth.Pairs)];

    /// <summary>The number of values in a descriptor.</summary>
    public static int Size { get; } = Groups.Sum();

    /// <summary>The number of means and deviations; the covariances follow them.</summary>
    public static int MeansAndDeviations { get; } = Depths.Sum(depth => 2 * depth.Channels);

    /// <summary>The index of a depth's first mean among the statistics; its deviations follow its means.</summary>
    public static int FirstMean(Depth depth) => Depths.TakeWhile(other => other != depth).Sum(other => 2 * other.Channels);

    /// <summary>The index of a depth's first covariance among the statistics.</summary>
    public static int FirstCovariance(Depth depth) => MeansAndDeviations
        + Depths.TakeWhile(other => other != depth).Where(other => other.HasCovariances).Sum(other => other.Pairs);

    /// <summary>Computes descriptors from statistics; libtorch can compute the gradients.</summary>
    /// <param name="statistics">[N, <see cref="Size"/>], of any floating-point type, on any device.</param>
    public static Tensor Of(Tensor statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        using var scope = NewDisposeScope();
        var roots = statistics.div(statistics.abs().add(HeldRootEpsilon, One).sqrt());
        var groups = roots.split([.. Groups.Select(size => (long)size)], 1);
        return cat([.. groups.Select(group => nn.functional.normalize(group, dim: 1, eps: LeastLength))], 1).MoveToOuterDisposeScope();
    }
}
