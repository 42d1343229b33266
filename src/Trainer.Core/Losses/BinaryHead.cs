using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>Logistic regression on the cosine to one learned centre: binary cross-entropy of s(cos θ − b).</summary>
/// <remarks>
/// A simpler alternative to ArcFace that does well with many negatives (Ruff et al. 2020, <see href="https://arxiv.org/abs/2006.00339"/>).
/// </remarks>
internal sealed class BinaryHead : nn.Module<Tensor, Tensor, Tensor>, IGateLoss
{
    private readonly Scalar scale; // held in a field: docs/decisions/0006

#pragma warning disable CS0649, IDE0044 // TorchSharp's field names are the checkpoint's keys.
    private Parameter W; // [D, 1]
    private Parameter b; // [1]
#pragma warning restore CS0649, IDE0044

    /// <summary>Draws the centre from N(0, 1); b starts at 0.</summary>
    /// <param name="scale">s, greater than 0.</param>
    public BinaryHead(int embeddingSize, double scale)
        : base(nameof(BinaryHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        this.scale = scale;
        W = nn.Parameter(randn(embeddingSize, 1));
        b = nn.Parameter(zeros(1));
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
        var logits = (cosine - b) * scale;                                                                          // [N]
        return nn.functional.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype)).MoveToOuterDisposeScope();
    }
}
