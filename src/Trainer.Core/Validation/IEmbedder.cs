using Trainer.Core.Batching;
using Trainer.Core.Gates;

namespace Trainer.Core.Validation;

/// <summary>Something that turns pictures into embeddings: the network in training, or an exported file.</summary>
public interface IEmbedder
{
    /// <summary>The unit embeddings of a batch, in its order.</summary>
    EmbeddingSet Embed(Batch batch);
}
