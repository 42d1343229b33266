using System.Runtime.Intrinsics;
using TorchSharp;
using TorchSharp.Modules;
using Trainer.Core.Networks.Passes;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>Images to embeddings: MobileNetV2's maps, features read off them, a linear layer.</summary>
/// <remarks>State-dict keys: features.* as torchvision's, fc.weight and fc.bias. 2,879,744 parameters with <see cref="FeatureKind.Pooled"/>, 2,778,880 with <see cref="FeatureKind.Depths"/>.</remarks>
internal sealed class EmbeddingNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>D, the length of an embedding.</summary>
    public const int EmbeddingSize = 512;

    private readonly Sequential features;
    private readonly Linear fc;
    private readonly IReadOnlyList<Func<Tensor, Tensor>> stages;
    private FastFeatures? fast;

    /// <summary>Random weights; <see cref="torch.manual_seed"/> decides them.</summary>
    public EmbeddingNetwork(FeatureKind kind = FeatureKind.Pooled)
        : base(nameof(EmbeddingNetwork))
    {
        Kind = kind;
        features = MobileNetV2.Features(kind);
        fc = nn.Linear(FeatureSize, EmbeddingSize);
        stages = [.. features.children().Select(Stage)];
        RegisterComponents();
    }

    /// <summary>What is read off the maps.</summary>
    public FeatureKind Kind { get; }

    /// <summary>F, how many features a picture has: 1280 or 1888.</summary>
    public int FeatureSize => Kind == FeatureKind.Pooled ? MobileNetV2.Channels : Descriptor.Size;

    /// <summary>The convolutions, in order: [N, 3, H, W] → [N, 1280, H/32, W/32]; [N, 320, H/32, W/32] with <see cref="FeatureKind.Depths"/>.</summary>
    public Sequential Features => features;

    /// <summary>The head: [N, F] → [N, 512].</summary>
    public Linear Head => fc;

    /// <summary>True when our own kernels compute on the CPU, false when libtorch does. Ours need vectors of 256 bits to be the faster ones.</summary>
    public bool HasOwnKernels { get; set; } = Vector256.IsHardwareAccelerated;

    /// <summary>Our kernels with this network's weights, where they can compute such images; else null.</summary>
    internal FastFeatures? FastFor(Tensor images) => HasOwnKernels && images.device_type == DeviceType.CPU && images.dtype == ScalarType.Float32
        ? fast ??= new FastFeatures(features, Kind, get_num_threads())
        : null;

    /// <inheritdoc/>
    /// <remarks>The head on what <see cref="Describe"/> gives.</remarks>
    /// <param name="images">Normalised pixels, [N, 3, E, E]; fastest with channels-last strides.</param>
    /// <returns>Embeddings of any length, [N, 512].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return fc.forward(Describe(images)).MoveToOuterDisposeScope();
    }

    /// <summary>Images to features.</summary>
    /// <remarks>With gradients, which libtorch keeps track of, by libtorch; <see cref="TrainingPass"/> is the faster way. Without, by our kernels where there are any.</remarks>
    /// <param name="images">Normalised pixels, [N, 3, E, E]; fastest with channels-last strides.</param>
    /// <returns>[N, F]: the pooled map, or descriptors.</returns>
    public Tensor Describe(Tensor images)
    {
        using var scope = NewDisposeScope();
        var statistics = (is_grad_enabled() ? null : FastFor(images)?.Forward(images, keeps: false)) ?? Statistics(images);
        return FeaturesOf(statistics).MoveToOuterDisposeScope();
    }

    /// <summary>Puts another layer behind the features.</summary>
    /// <param name="weights">[512, F], row-major.</param>
    /// <param name="bias">[512].</param>
    public void SetHead(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        fc.weight.copy_(tensor(weights.ToArray(), [EmbeddingSize, FeatureSize]));
        fc.bias!.copy_(tensor(bias.ToArray())); // made with a bias
    }

    /// <summary>What was read off the maps to features, with gradients.</summary>
    /// <param name="statistics">[N, F].</param>
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
