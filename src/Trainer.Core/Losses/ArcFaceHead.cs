using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>Turns embeddings into logits, making each image's own class harder by an angle.</summary>
/// <remarks>
/// Deng et al. 2019, ArcFace, eq. 3, <see href="https://arxiv.org/abs/1801.07698"/>.
/// One departure from the paper follows pytorch-metric-learning, which the article's program uses: past θ = π − m the label's value is
/// cos θ − m·sin m. The loss is the mean cross-entropy of these logits. With several centres per class, θ is the angle to the nearest
/// centre: Deng et al. 2020, Sub-center ArcFace, eq. 3.
/// </remarks>
internal sealed class ArcFaceHead : nn.Module<Tensor, Tensor, Tensor>, IGateLoss
{
    // Scalars are held in fields: TorchSharp may free a temporary one while libtorch still reads it (docs/decisions/0006).
    private static readonly Scalar One = 1.0;
    private static readonly Scalar MinusOne = -1.0;

    /// <summary>
    /// Lower bound of sin²θ, which keeps the gradient finite at cosine ±1. No other value is this small in float32, so none is changed.
    /// </summary>
    private static readonly Scalar LeastSineSquared = 1e-14;

    private readonly int classCount;
    private readonly Scalar cosineOfMargin;
    private readonly Scalar sineOfMargin;
    private readonly Scalar fallPastTurn;
    private readonly Scalar turn;
    private readonly Scalar scale;

#pragma warning disable CS0649, IDE0044 // TorchSharp's field name is the checkpoint's key.
    private Parameter W; // [D, C · K]
#pragma warning restore CS0649, IDE0044

    /// <summary>Draws the class weights from N(0, 1).</summary>
    /// <param name="classCount">C, at least 2.</param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="marginRadians">The m of the paper, 0 to π.</param>
    /// <param name="scale">The s of the paper, above 0.</param>
    /// <param name="centres">K, centres of each class; 1 is plain ArcFace.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public ArcFaceHead(int classCount, int embeddingSize, double marginRadians, double scale, int centres = 1)
        : base(nameof(ArcFaceHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(marginRadians);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(marginRadians, Math.PI);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        ArgumentOutOfRangeException.ThrowIfLessThan(centres, 1);
        this.classCount = classCount;
        cosineOfMargin = Math.Cos(marginRadians);
        sineOfMargin = Math.Sin(marginRadians);
        fallPastTurn = marginRadians * Math.Sin(marginRadians);
        turn = -Math.Cos(marginRadians);
        this.scale = scale;
        W = nn.Parameter(randn(embeddingSize, classCount * centres));
        RegisterComponents();
    }

    /// <summary>The class weights, [D, C · K]; a class's K centres are adjacent. Only the centres' directions matter.</summary>
    public Parameter ClassWeights => W;

    /// <inheritdoc/>
    /// <param name="embeddings">[N, D], of any length; normalised here.</param>
    /// <param name="labels">int64 [N], below C; not checked here, because the catalog made them.</param>
    /// <returns>Logits, [N, C].</returns>
    public override Tensor forward(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var unitEmbeddings = nn.functional.normalize(embeddings, dim: 1);              // [N, D]
        var unitWeights = nn.functional.normalize(W, dim: 0);                          // [D, C]
        var cosines = unitEmbeddings.mm(unitWeights).clamp(MinusOne, One);             // [N, C · K]
        var cosine = cosines.view(-1, classCount, W.shape[1] / classCount).amax([2]);  // [N, C]
        var sine = (cosine.neg().add(One, One) * cosine.add(One, One)).clamp_min(LeastSineSquared).sqrt();
        var shifted = (cosine * cosineOfMargin) - (sine * sineOfMargin);               // cos(θ + m)
        var pastTurn = cosine - fallPastTurn;                                          // cos θ − m·sin m
        var withMargin = where(cosine >= turn, shifted, pastTurn);                     // [N, C]
        var isLabel = nn.functional.one_hot(labels, classCount).to(ScalarType.Bool);   // [N, C]
        return (where(isLabel, withMargin, cosine) * scale).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public nn.Module Module => this;

    /// <inheritdoc/>
    Tensor IGateLoss.Loss(Tensor input, Tensor labels, Tensor photos) => Loss(input, labels);

    /// <summary>The loss: mean cross-entropy of the logits.</summary>
    /// <returns>A scalar tensor.</returns>
    public Tensor Loss(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(forward(embeddings, labels), labels).MoveToOuterDisposeScope();
    }
}
