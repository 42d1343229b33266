using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>Turns embeddings into logits, making each image's own class harder by an angle.</summary>
/// <remarks>
/// Deng et al. 2019, ArcFace, eq. 3, <see href="https://arxiv.org/abs/1801.07698"/>.
/// Not the paper's, but pytorch-metric-learning's, to which the article's program holds: past θ = π − m the label's value is
/// cos θ − m·sin m. The loss is the mean cross-entropy of these logits.
/// </remarks>
public sealed class ArcFaceHead : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Least sin²θ. Below what float32 can tell from 0, so no other value changes; it keeps the gradient finite at cosine ±1.</summary>
    private const double LeastSineSquared = 1e-14;

    private readonly double marginRadians;
    private readonly double scale;

#pragma warning disable CS0649, IDE0044 // TorchSharp's field name is the checkpoint's key.
    private Parameter W; // [D, C]
#pragma warning restore CS0649, IDE0044

    /// <summary>Draws the class weights from N(0, 1).</summary>
    /// <param name="classCount">C, at least 2.</param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="marginRadians">The m of the paper, 0 to π.</param>
    /// <param name="scale">The s of the paper, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public ArcFaceHead(int classCount, int embeddingSize, double marginRadians, double scale)
        : base(nameof(ArcFaceHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(marginRadians);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(marginRadians, Math.PI);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        this.marginRadians = marginRadians;
        this.scale = scale;
        W = nn.Parameter(randn(embeddingSize, classCount));
        RegisterComponents();
    }

    /// <summary>The class weights, [D, C]; only their directions count.</summary>
    public Parameter ClassWeights => W;

    /// <inheritdoc/>
    /// <param name="embeddings">[N, D], any length; normalised here.</param>
    /// <param name="labels">int64 [N], below C; not checked here, the catalog made them.</param>
    /// <returns>Logits, [N, C].</returns>
    public override Tensor forward(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var unitEmbeddings = nn.functional.normalize(embeddings, dim: 1);               // [N, D]
        var unitWeights = nn.functional.normalize(W, dim: 0);                           // [D, C]
        var cosine = unitEmbeddings.mm(unitWeights).clamp(-1, 1);                       // [N, C]
        var sine = ((1 - cosine) * (1 + cosine)).clamp_min(LeastSineSquared).sqrt();    // [N, C]
        var shifted = (cosine * Math.Cos(marginRadians)) - (sine * Math.Sin(marginRadians)); // cos(θ + m)
        var pastTurn = cosine - (marginRadians * Math.Sin(marginRadians));
        var withMargin = where(cosine >= -Math.Cos(marginRadians), shifted, pastTurn);  // [N, C]
        var isLabel = nn.functional.one_hot(labels, W.shape[1]).to(ScalarType.Bool);    // [N, C]
        return (where(isLabel, withMargin, cosine) * scale).MoveToOuterDisposeScope();
    }

    /// <summary>The loss: mean cross-entropy of the logits.</summary>
    /// <returns>A scalar tensor.</returns>
    public Tensor Loss(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(forward(embeddings, labels), labels).MoveToOuterDisposeScope();
    }
}
