using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>What training makes small.</summary>
internal interface IGateLoss : IDisposable
{
    /// <summary>True when it takes the network's features, false when it takes the embeddings that the network makes of them.</summary>
    bool TakesFeatures => false;

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="input">[N, F] features or [N, D] embeddings, any length; normalised here.</param>
    /// <param name="labels">int64 [N]: the class of each picture.</param>
    /// <param name="photos">int64 [N]: which photo each picture is a view of.</param>
    /// <returns>A scalar tensor.</returns>
    Tensor Loss(Tensor input, Tensor labels, Tensor photos);

    /// <summary>The module with the weights that learn beside the network.</summary>
    nn.Module Module { get; }
}
