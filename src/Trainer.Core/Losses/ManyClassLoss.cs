using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>ArcFace over many classes, plus a term that keeps the subject's photos distinguishable from one another.</summary>
/// <remarks>
/// Features trained this way tell photos apart better, also the subject from its look-alikes. Ordinary photos make up many classes and the
/// subject a few. With only two classes the features would keep nothing but the difference between the subject and ordinary photos, and
/// look-alikes share exactly that difference with the subject: docs/decisions/0024. The gate contains neither the classes nor the layer
/// between the features and ArcFace.
/// </remarks>
internal sealed class ManyClassLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>, IGateLoss
{
    private const int Axes = 512;

    // Scalars are held in fields: docs/decisions/0006.
    private static readonly Scalar ContrastWeight = 0.3;
    private static readonly Scalar Temperature = 0.25;
    private static readonly Scalar One = 1;
    private static readonly Scalar MinusOne = -1;

    private readonly int classCount;
    private readonly long featureSize;

#pragma warning disable CS0649, IDE0044 // TorchSharp's field names are the checkpoint's keys.
    private Linear axes; // [F] → [512]
    private ArcFaceHead classes;
#pragma warning restore CS0649, IDE0044

    /// <summary>Starts from random weights; <see cref="StartFrom"/> or a checkpoint replaces them.</summary>
    /// <param name="featureSize">F: the loss uses the first F features.</param>
    /// <param name="classCount">C, at least 2.</param>
    /// <param name="marginRadians">ArcFace's m, 0 to π.</param>
    /// <param name="scale">ArcFace's s, above 0.</param>
    public ManyClassLoss(int featureSize, int classCount, double marginRadians, double scale)
        : base(nameof(ManyClassLoss))
    {
        this.classCount = classCount;
        this.featureSize = featureSize;
        axes = nn.Linear(featureSize, Axes);
        classes = new ArcFaceHead(classCount, Axes, marginRadians, scale);
        RegisterComponents();
        register_buffer("centre", zeros(featureSize));
    }

    /// <inheritdoc/>
    public nn.Module Module => this;

    /// <inheritdoc/>
    public bool TakesFeatures => true;

    private Tensor Centre => get_buffer("centre")!; // registered above

    /// <summary>
    /// Initialises the layer with the principal axes of the features before training, and each class with the mean of its photos.
    /// </summary>
    /// <param name="features">Features of all training photos, [N, F or more].</param>
    /// <param name="labels">int64 [N], below C.</param>
    /// <param name="isNormal">bool [N], true for photos of the subject.</param>
    public void StartFrom(Tensor features, Tensor labels, Tensor isNormal)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(isNormal);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        features = features.narrow(1, 0, featureSize);
        var mean = features.mean([0]);                                                                  // [F]
        var (_, _, principal) = linalg.svd(features.add(mean, MinusOne), fullMatrices: false);      // [min(N, F), F]
        var count = Math.Min(Axes, principal.shape[0]);
        axes.weight.zero_().narrow(0, 0, count).copy_(principal.narrow(0, 0, count));
        axes.bias!.copy_(axes.weight.mv(mean).negative());                                              // made with a bias
        var members = nn.functional.one_hot(labels, classCount).to(features.dtype);                      // [N, C]
        classes.ClassWeights.copy_(axes.forward(features).t().mm(members));                              // only the directions matter
        var subject = features.index_select(0, isNormal.nonzero().squeeze(1));
        Centre.copy_(nn.functional.normalize(subject, dim: 1).mean([0]));
    }

    /// <inheritdoc/>
    public Tensor Loss(Tensor input, Tensor labels, Tensor photos) => forward(input, labels, photos);

    /// <inheritdoc/>
    /// <param name="features">[N, F or more].</param>
    /// <param name="labels">int64 [N], below C.</param>
    /// <param name="photos">int64 [N]: which photo each picture is a view of. The subject's photos have two views each.</param>
    /// <returns>A scalar tensor.</returns>
    public override Tensor forward(Tensor features, Tensor labels, Tensor photos)
    {
        using var scope = NewDisposeScope();
        features = features.narrow(1, 0, featureSize);
        var arc = nn.functional.cross_entropy(classes.forward(axes.forward(features), labels), labels);
        return arc.add(MeanShiftedContrast.Loss(features, photos, Centre, Temperature).mul(ContrastWeight), One).MoveToOuterDisposeScope();
    }
}
