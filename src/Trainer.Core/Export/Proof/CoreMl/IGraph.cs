using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>What a graph gives for a picture: float32 [1, 512], [1, 1], and [1, 1], 0 or 1.</summary>
internal sealed record GraphOutputs(Tensor Embedding, Tensor Similarity, Tensor Accepted);

/// <summary>A model's computation, walked operation by operation.</summary>
internal interface IGraph : IDisposable
{
    /// <param name="pixels">float32 [1, 3, E, E], 0 to 255.</param>
    /// <exception cref="BrokenModelException">An operation lacks what it takes, or makes another type than declared.</exception>
    GraphOutputs Run(Tensor pixels);
}
