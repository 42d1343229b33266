using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>What training makes small: it pulls the subject's embeddings together and pushes all others away, by angle.</summary>
public interface IGateLoss : IDisposable
{
    /// <summary>The mean loss of a batch.</summary>
    /// <param name="embeddings">[N, D], any length; normalised here.</param>
    /// <param name="labels">int64 [N]: 1 for the subject, 0 for the others.</param>
    /// <returns>A scalar tensor.</returns>
    Tensor Loss(Tensor embeddings, Tensor labels);

    /// <summary>The module with the weights that learn beside the network.</summary>
    nn.Module Module { get; }
}
