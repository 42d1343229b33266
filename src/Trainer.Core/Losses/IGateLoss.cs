using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>A loss that training minimises.</summary>
internal interface IGateLoss : IDisposable
{
    /// <summary>True when the loss takes the network's features; false when it takes the embeddings computed from them.</summary>
    bool TakesFeatures => false;

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="input">Features [N, F] or embeddings [N, D], of any length; normalised here.</param>
    /// <param name="labels">int64 [N]: the class of each picture.</param>
    /// <param name="photos">int64 [N]: which photo each picture is a view of.</param>
    /// <returns>A scalar tensor.</returns>
    Tensor Loss(Tensor input, Tensor labels, Tensor photos);

    /// <summary>The module that holds the loss's own weights, which are trained together with the network.</summary>
    nn.Module Module { get; }
}
