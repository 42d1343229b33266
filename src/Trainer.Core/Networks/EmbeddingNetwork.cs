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
    private readonly IReadOnlyList<(Func<Tensor, Tensor> Forward, IEnumerable<NormedConvolution> Convolutions)> stages;

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

    /// <summary>Lets the convolutions that are not depthwise multiply in bfloat16: faster where the processor has it, and coarser.</summary>
    /// <param name="training">In training mode.</param>
    /// <param name="evaluation">In evaluation mode; cosines then differ in the third decimal from what an exported file gives.</param>
    public void UseBFloat16(bool training, bool evaluation)
    {
        foreach (var convolution in stages.SelectMany(stage => stage.Convolutions))
        {
            (convolution.TrainsInBFloat16, convolution.EvaluatesInBFloat16) = (training, evaluation);
        }
    }

    /// <inheritdoc/>
    /// <param name="images">Normalised pixels, [N, 3, 128, 128]; fastest with channels-last strides.</param>
    /// <returns>Embeddings of any length, [N, 512].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var maps = stages.Aggregate(images, (input, stage) => stage.Forward(input)); // [N, 1280, 4, 4]
        var pooled = maps.mean([2, 3]).to(fc.weight!.dtype);                 // [N, 1280]; made with weights
        return fc.forward(pooled).MoveToOuterDisposeScope();
    }

    private static (Func<Tensor, Tensor> Forward, IEnumerable<NormedConvolution> Convolutions) Stage(nn.Module stage)
    {
        if (stage is InvertedResidual block)
        {
            return (block.forward, block.Convolutions);
        }

        var layers = NormedConvolution.In("", (Sequential)stage);
        return (layers[0].Forward, layers);
    }
}
