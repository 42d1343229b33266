using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>A block whose output map is described.</summary>
/// <param name="Block">Its number among torchvision's <c>features</c>.</param>
/// <param name="Channels">C of its output. The output is linear: no ReLU6 follows.</param>
/// <param name="HasCovariances">True when the covariances between the channels are taken as well.</param>
internal sealed record Depth(int Block, int Channels, bool HasCovariances = false)
{
    /// <summary>Pairs of different channels, C · (C − 1) / 2.</summary>
    public int Pairs => Channels * (Channels - 1) / 2;
}

/// <summary>The definition of <see cref="FeatureKind.Depths"/>: how the maps of several depths become one vector of features.</summary>
/// <remarks>
/// <para>Statistics, [N, 1888]: for each depth the mean m of every channel over the map's places, then the deviation √(mean((x − m)²) + 1e-6) of every
/// channel. After all depths the covariances mean((xᵢ − mᵢ)(xⱼ − mⱼ)) with i &lt; j, row by row, of the depth that has them.</para>
/// <para>Descriptor, [N, 1888]: each statistic x becomes x / √(|x| + 1e-4), a signed square root that is smooth at 0; then each group has length 1. A depth's
/// means and deviations are a group, and so are the covariances. So a descriptor's own length is √7.</para>
/// </remarks>
internal static class Descriptor
{
    /// <summary>Added to a variance, under the root.</summary>
    public const double VarianceEpsilon = 1e-6;

    /// <summary>Added to the absolute value of a statistic, under the root.</summary>
    public const double RootEpsilon = 1e-4;

    /// <summary>A group is divided by no less than this.</summary>
    public const double LeastLength = 1e-12;

    private static readonly Scalar One = 1; // held for good: docs/decisions/0006
    private static readonly Scalar HeldRootEpsilon = RootEpsilon;

    /// <summary>The blocks that are described, from the first to the last.</summary>
    public static IReadOnlyList<Depth> Depths { get; } =
    [
        new(3, 24), new(6, 32, HasCovariances: true), new(10, 64), new(13, 96), new(16, 160), new(17, 320),
    ];

    /// <summary>How many statistics each group holds, in their order.</summary>
    public static IReadOnlyList<int> Groups { get; } =
        [.. Depths.Select(depth => 2 * depth.Channels), .. Depths.Where(depth => depth.HasCovariances).Select(depth => depth.Pairs)];

    /// <summary>Numbers of a descriptor.</summary>
    public static int Size { get; } = Groups.Sum();

    /// <summary>Numbers that are made of means and deviations; the covariances follow them.</summary>
    public static int MeansAndDeviations { get; } = Depths.Sum(depth => 2 * depth.Channels);

    /// <summary>Where a depth's means begin among the statistics; its deviations follow them.</summary>
    public static int FirstMean(Depth depth) => Depths.TakeWhile(other => other != depth).Sum(other => 2 * other.Channels);

    /// <summary>Where a depth's covariances begin among the statistics.</summary>
    public static int FirstCovariance(Depth depth) => MeansAndDeviations
        + Depths.TakeWhile(other => other != depth).Where(other => other.HasCovariances).Sum(other => other.Pairs);

    /// <summary>Statistics to descriptors, with gradients.</summary>
    /// <param name="statistics">[N, <see cref="Size"/>], of any floating type and device.</param>
    public static Tensor Of(Tensor statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        using var scope = NewDisposeScope();
        var roots = statistics.div(statistics.abs().add(HeldRootEpsilon, One).sqrt());
        var groups = roots.split([.. Groups.Select(size => (long)size)], 1);
        return cat([.. groups.Select(group => nn.functional.normalize(group, dim: 1, eps: LeastLength))], 1).MoveToOuterDisposeScope();
    }
}
