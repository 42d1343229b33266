using TorchSharp;
using Trainer.Core.Randomness;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Clusters features, so that ordinary photos form many classes instead of one.</summary>
/// <remarks>
/// Lloyd's k-means, seeded by k-means++ (Arthur and Vassilvitskii 2007), in float64, so that the order of sums doesn't change the result.
/// With two classes a network learns only what tells the subject from everything else, and loses the rest. With many classes it has to
/// keep what tells photos apart.
/// </remarks>
internal static class Clusters
{
    private const int Rounds = 25;
    private const ulong Purpose = 0x434C5553; // "CLUS"

    private static readonly Scalar Zero = 0; // held in fields: docs/decisions/0006
    private static readonly Scalar One = 1;
    private static readonly Scalar Two = 2;

    /// <summary>The cluster of each vector, 0 to <paramref name="count"/> − 1, and the clusters' centres, float64 [count, F].</summary>
    /// <param name="features">[N, F], N at least <paramref name="count"/>, or 0.</param>
    /// <param name="count">At least 1.</param>
    /// <returns>Without features: no labels, and no centres.</returns>
    public static (long[] Labels, Tensor Centres) Of(Tensor features, int count, ulong seed)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (features.shape[0] == 0)
        {
            return ([], features.to(ScalarType.Float64).clone().MoveToOuterDisposeScope());
        }

        var wide = features.to(ScalarType.Float64);
        var squares = Squares(wide);
        var centres = Seeds(wide, squares, count, new CounterRandom(seed, Purpose));
        var found = Nearest(wide, squares, centres).Cluster;
        for (var round = 0; round < Rounds; round++)
        {
            using var inner = NewDisposeScope(); // a round's tensors are as large as the features
            var members = nn.functional.one_hot(found, count).to(ScalarType.Float64);       // [N, k]
            var sizes = members.sum([0]);                                                     // [k]
            var means = members.t().mm(wide) / sizes.clamp_min(One).unsqueeze(1);           // [k, F]
            centres = where(sizes.unsqueeze(1) > Zero, means, centres).MoveToOuterDisposeScope();
            var next = Nearest(wide, squares, centres).Cluster;
            if (next.eq(found).all().item<bool>())
            {
                break;
            }

            found = next.MoveToOuterDisposeScope();
        }

        return (found.data<long>().ToArray(), centres.MoveToOuterDisposeScope());
    }

    /// <summary>The index of the centre that is nearest to each vector.</summary>
    /// <param name="features">[N, F].</param>
    /// <param name="centres">[k, F], k at least 1.</param>
    public static long[] Nearest(Tensor features, Tensor centres)
    {
        using var scope = NewDisposeScope();
        var wide = features.to(ScalarType.Float64);
        return Nearest(wide, Squares(wide), centres).Cluster.data<long>().ToArray();
    }

    /// <summary>Draws each further centre with a probability proportional to its squared distance from the centres drawn so far.</summary>
    private static Tensor Seeds(Tensor features, Tensor squares, int count, CounterRandom random)
    {
        var chosen = new List<long> { random.Next((int)features.shape[0]) };
        while (chosen.Count < count)
        {
            using var scope = NewDisposeScope();
            var distances = Nearest(features, squares, features.index_select(0, tensor(chosen.ToArray())))
                .Distance.data<double>().ToArray();
            var left = random.NextDouble() * distances.Sum();
            var at = 0;
            while (at < distances.Length - 1 && (left -= distances[at]) > 0)
            {
                at++;
            }

            chosen.Add(at);
        }

        return features.index_select(0, tensor(chosen.ToArray()));
    }

    private static Tensor Squares(Tensor features) => features.square().sum([1], keepdim: true); // [N, 1]

    /// <returns>Squared distance to the nearest centre, and that centre's index; [N] each.</returns>
    private static (Tensor Distance, Tensor Cluster) Nearest(Tensor features, Tensor squares, Tensor centres)
    {
        var sums = squares + centres.square().sum([1]).unsqueeze(0); // [N, k]
        var (least, cluster) = (sums - features.mm(centres.t()).mul(Two)).min(1);
        return (least.clamp_min(Zero), cluster);
    }
}
