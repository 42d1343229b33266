using Trainer.Core.Batching;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using static TorchSharp.torch;

namespace Trainer.Core.Validation;

/// <summary>Embeds with the network itself.</summary>
/// <param name="network">On <paramref name="device"/>; put into evaluation mode, and left in it.</param>
public sealed class TorchEmbedder(EmbeddingNetwork network, Device device) : IEmbedder
{
    /// <inheritdoc/>
    public EmbeddingSet Embed(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        network.eval();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var embeddings = network.forward(batch.ImagesOn(device)).cpu(); // [N, D]
        return new EmbeddingSet(embeddings.data<float>().ToArray(), EmbeddingNetwork.EmbeddingSize);
    }
}
