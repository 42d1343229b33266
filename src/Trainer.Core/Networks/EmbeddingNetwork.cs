using System.Runtime.Intrinsics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>Images to embeddings: MobileNetV2 features, the mean over their places, a linear layer.</summary>
/// <remarks>State-dict keys: features.* as torchvision's, fc.weight and fc.bias. 2,879,744 parameters.</remarks>
public sealed class EmbeddingNetwork : nn.Module<Tensor, Tensor>
{
    /// <summary>D, the length of an embedding.</summary>
    public const int EmbeddingSize = 512;

    private readonly Sequential features;
    private readonly Linear fc;
    private readonly IReadOnlyList<Func<Tensor, Tensor>> stages;
    private FastFeatures? fast;

    /// <summary>Random weights; <see cref="torch.manual_seed"/> decides them.</summary>
    public EmbeddingNetwork()
        : base(nameof(EmbeddingNetwork))
    {
        features = MobileNetV2.Features();
        fc = nn.Linear(MobileNetV2.Channels, EmbeddingSize);
        stages = [.. features.children().Select(Stage)];
        RegisterComponents();
    }

    /// <summary>The convolutions, in order: [N, 3, H, W] → [N, 1280, H/32, W/32].</summary>
    public Sequential Features => features;

    /// <summary>The head: [N, 1280] → [N, 512].</summary>
    public Linear Head => fc;

    /// <summary>True when our own kernels compute on the CPU, false when libtorch does. Ours need vectors of 256 bits to be the faster ones.</summary>
    public bool HasOwnKernels { get; set; } = Vector256.IsHardwareAccelerated;

    /// <summary>Our kernels with this network's weights, where they can compute such images; else null.</summary>
    internal FastFeatures? FastFor(Tensor images) => HasOwnKernels && images.device_type == DeviceType.CPU && images.dtype == ScalarType.Float32
        ? fast ??= new FastFeatures(features, get_num_threads())
        : null;

    /// <inheritdoc/>
    /// <remarks>With gradients, which libtorch keeps track of, by libtorch; <see cref="TrainingPass"/> is the faster way. Without, by our kernels where there are any.</remarks>
    /// <param name="images">Normalised pixels, [N, 3, 128, 128]; fastest with channels-last strides.</param>
    /// <returns>Embeddings of any length, [N, 512].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var pooled = is_grad_enabled() ? null : FastFor(images)?.Forward(images, keeps: false);
        pooled ??= Maps(images).mean([2, 3]); // [N, 1280]
        return fc.forward(pooled).MoveToOuterDisposeScope();
    }

    /// <summary>What the last convolution gives at each place of a picture, computed as <see cref="forward"/> does it without gradients: an embedding is the head of their mean.</summary>
    /// <param name="images">As <see cref="forward"/> takes them, [N, 3, 128, 128].</param>
    /// <returns>[N, 16, 1280], row by row from the top left.</returns>
    public Tensor Places(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var without = no_grad();
        var places = FastFor(images)?.ForwardToPlaces(images) ?? Maps(images).flatten(2).transpose(1, 2);
        return places.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            fast?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>By libtorch: [N, 3, E, E] to [N, 1280, E/32, E/32].</summary>
    private Tensor Maps(Tensor images) => stages.Aggregate(images, (input, forward) => forward(input));

    private static Func<Tensor, Tensor> Stage(nn.Module stage) =>
        stage is InvertedResidual block ? block.forward : NormedConvolution.In("", (Sequential)stage)[0].Forward;
}
