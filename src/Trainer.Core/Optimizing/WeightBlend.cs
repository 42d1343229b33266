using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Blends the start weights with the trained weights.</summary>
/// <remarks>
/// A short training on one subject learns what tells its photos apart, and loses a little of what the start weights knew. A network between
/// the two keeps more of
/// each (Wortsman et al. 2022, WiSE-FT, <see href="https://arxiv.org/abs/2109.01903"/>).
/// </remarks>
internal sealed class WeightBlend : IDisposable
{
    private readonly Tensor live;
    private readonly Tensor start;
    private readonly Tensor kept; // the trained weights while the blend is in use
    private readonly double share;

    /// <summary>Starts from the weights as they are.</summary>
    /// <param name="live">The weights that training changes, [P]; not disposed here.</param>
    /// <param name="share">0 (the start weights) to 1 (the trained ones).</param>
    public WeightBlend(Tensor live, double share)
    {
        ArgumentNullException.ThrowIfNull(live);
        using var _ = no_grad();
        this.live = live;
        this.share = share;
        start = live.detach().clone().DetachFromDisposeScope();
        kept = live.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>
    /// What a resumed run needs besides the weights in the network: the start weights and, while the blend is in use, the trained weights.
    /// </summary>
    public IReadOnlyList<Tensor> State => share == 1 ? [] : [start, kept];

    /// <summary>Puts the blend into the network, and puts the trained weights back when the result is disposed.</summary>
    public IDisposable Use()
    {
        if (share == 1)
        {
            return new Back(null);
        }

        using var _ = no_grad();
        using Scalar way = share, back = 1 - share;
        kept.copy_(live);
        live.mul_(way).add_(start, back);
        return new Back(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        start.Dispose();
        kept.Dispose();
    }

    private sealed class Back(WeightBlend? blend) : IDisposable
    {
        private WeightBlend? blend = blend;

        public void Dispose()
        {
            if (blend is not null)
            {
                using var _ = no_grad();
                blend.live.copy_(blend.kept);
                blend = null;
            }
        }
    }
}
