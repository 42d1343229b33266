using Trainer.Core.Batching;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>Computes the unit embeddings of batches with the current network.</summary>
/// <param name="network">The network, on <paramref name="device"/>; it is put into evaluation mode and stays in it.</param>
internal sealed class Embedder(EmbeddingNetwork network, Device device)
{
    /// <summary>D, the length of an embedding.</summary>
    public const int EmbeddingSize = EmbeddingNetwork.EmbeddingSize;

    /// <summary>The unit embeddings of a batch, in the order of its pictures.</summary>
    public EmbeddingSet Embed(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        network.eval();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var embeddings = network.forward(batch.ImagesOn(device)).cpu(); // [N, D]
        return new EmbeddingSet(embeddings.data<float>().ToArray(), EmbeddingSize);
    }
}
