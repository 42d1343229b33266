using System.Runtime.Intrinsics;
using TorchSharp;
using TorchSharp.Modules;
using Trainer.Core.Networks.Passes;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>Computes embeddings of images: MobileNetV2's feature maps, features computed from them, and a linear layer.</summary>
/// <remarks>
/// State-dict keys: features.* as in torchvision, fc.weight and fc.bias. It has 2,879,744 parameters with <see cref="FeatureKind.Pooled"/>
/// and 2,778,880 with <see cref="FeatureKind.Depths"/>.
/// </remarks>
internal sealed class EmbeddingNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>D, the length of an embedding.</summary>
    public const int EmbeddingSize = 512;

    private readonly Sequential features;
    private readonly Linear fc;
    private readonly IReadOnlyList<Func<Tensor, Tensor>> stages;
    private FastFeatures? fast;

    /// <summary>Makes a network with random weights, which depend on <see cref="torch.manual_seed"/>.</summary>
    public EmbeddingNetwork(FeatureKind kind = FeatureKind.Pooled)
        : base(nameof(EmbeddingNetwork))
    {
        Kind = kind;
        features = MobileNetV2.Features(kind);
        fc = nn.Linear(FeatureSize, EmbeddingSize);
        stages = [.. features.children().Select(Stage)];
        RegisterComponents();
    }

    /// <summary>Which features are computed from the feature maps.</summary>
    public FeatureKind Kind { get; }

    /// <summary>F, the number of features of a picture: 1280 or 1888.</summary>
    public int FeatureSize => Kind == FeatureKind.Pooled ? MobileNetV2.Channels : Descriptor.Size;

    /// <summary>
    /// The convolutions: [N, 3, H, W] → [N, 1280, H/32, W/32], or [N, 320, H/32, W/32] with <see cref="FeatureKind.Depths"/>.
    /// </summary>
    public Sequential Features => features;

    /// <summary>The head: [N, F] → [N, 512].</summary>
    public Linear Head => fc;

    /// <summary>
    /// True when trainer's own kernels compute on the CPU, false when libtorch does. The own kernels need 256-bit vectors to be faster.
    /// </summary>
    public bool HasOwnKernels { get; set; } = Vector256.IsHardwareAccelerated;

    /// <summary>Trainer's own kernels with this network's weights, or null when they can't compute these images.</summary>
    internal FastFeatures? FastFor(Tensor images) =>
        HasOwnKernels && images.device_type == DeviceType.CPU && images.dtype == ScalarType.Float32
        ? fast ??= new FastFeatures(features, Kind, get_num_threads())
        : null;

    /// <inheritdoc/>
    /// <remarks>Applies the head to the features from <see cref="Describe"/>.</remarks>
    /// <param name="images">Normalised pixels, [N, 3, E, E]; fastest with channels-last strides.</param>
    /// <returns>Embeddings of any length, [N, 512].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return fc.forward(Describe(images)).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the features of images.</summary>
    /// <remarks>
    /// When gradients are enabled, libtorch computes them; <see cref="TrainingPass"/> is faster. Otherwise trainer's own kernels are used
    /// where they can be.
    /// </remarks>
    /// <param name="images">Normalised pixels, [N, 3, E, E]; fastest with channels-last strides.</param>
    /// <returns>[N, F]: the pooled last feature map, or descriptors.</returns>
    public Tensor Describe(Tensor images)
    {
        using var scope = NewDisposeScope();
        var statistics = (is_grad_enabled() ? null : FastFor(images)?.Forward(images, keeps: false)) ?? Statistics(images);
        return FeaturesOf(statistics).MoveToOuterDisposeScope();
    }

    /// <summary>Replaces the weights of the linear layer that follows the features.</summary>
    /// <param name="weights">[512, F], row-major.</param>
    /// <param name="bias">[512].</param>
    public void SetHead(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        fc.weight.copy_(tensor(weights.ToArray(), [EmbeddingSize, FeatureSize]));
        fc.bias!.copy_(tensor(bias.ToArray())); // made with a bias
    }

    /// <summary>Computes features from the feature maps' statistics; libtorch can compute the gradients.</summary>
    /// <param name="statistics">Pooled means or the statistics of a <see cref="Descriptor"/>, [N, F].</param>
    internal Tensor FeaturesOf(Tensor statistics) => Kind == FeatureKind.Pooled ? statistics.alias() : Descriptor.Of(statistics);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            fast?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Statistics(Tensor images) => Kind == FeatureKind.Pooled
        ? stages.Aggregate(images, (input, forward) => forward(input)).mean([2, 3])
        : DepthStatistics.Of(stages, images);

    private static Func<Tensor, Tensor> Stage(nn.Module stage) =>
        stage is InvertedResidual block ? block.forward : NormedConvolution.In("", (Sequential)stage)[0].Forward;
}
