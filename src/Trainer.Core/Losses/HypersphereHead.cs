using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>
/// Hypersphere classifier: pulls the subject towards one centre and pushes everything else away, without a class for the rest.
/// </summary>
/// <remarks>
/// Ruff et al. 2020, Rethinking Assumptions in Deep Anomaly Detection, eq. 4, <see href="https://arxiv.org/abs/2006.00339"/>.
/// The distance is h = s(1 − cos θ), because the gate decides by angle, and the centre is learned.
/// </remarks>
internal sealed class HypersphereHead : nn.Module<Tensor, Tensor, Tensor>, IGateLoss
{
    // Scalars are held in fields: docs/decisions/0006.
    private static readonly Scalar One = 1.0;
    private static readonly Scalar Least = 1e-6; // keeps log(1 − exp(−h)) finite at the centre
    private static readonly Scalar Zero = 0.0;
    private readonly Scalar scale;

#pragma warning disable CS0649, IDE0044 // TorchSharp's field name is the checkpoint's key.
    private Parameter W; // [D, 1]
#pragma warning restore CS0649, IDE0044

    /// <summary>Draws the centre from N(0, 1).</summary>
    /// <param name="scale">s, greater than 0.</param>
    public HypersphereHead(int embeddingSize, double scale)
        : base(nameof(HypersphereHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        this.scale = scale;
        W = nn.Parameter(randn(embeddingSize, 1));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public nn.Module Module => this;

    /// <inheritdoc/>
    Tensor IGateLoss.Loss(Tensor input, Tensor labels, Tensor photos) => Loss(input, labels);

    /// <summary>The mean loss of a batch: see <see cref="forward"/>.</summary>
    public Tensor Loss(Tensor embeddings, Tensor labels) => forward(embeddings, labels);

    /// <inheritdoc/>
    public override Tensor forward(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var cosine = nn.functional.normalize(embeddings, dim: 1).mm(nn.functional.normalize(W, dim: 0)).squeeze(1); // [N]
        var distance = (cosine.neg().add(One, One) * scale).clamp_min(Least);                                                   // [N]
        var outside = distance.neg().exp().neg().add(One, One).log().neg();
        return where(labels > Zero, distance, outside).mean().MoveToOuterDisposeScope();
    }
}
