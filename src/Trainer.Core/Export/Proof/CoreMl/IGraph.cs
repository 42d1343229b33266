using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>A graph's outputs for one picture: float32 [1, 512], [1, 1], and [1, 1], which is 0 or 1.</summary>
internal sealed record GraphOutputs(Tensor Embedding, Tensor Similarity, Tensor Accepted);

/// <summary>A model's computation, run operation by operation.</summary>
internal interface IGraph : IDisposable
{
    /// <param name="pixels">float32 [1, 3, E, E], 0 to 255.</param>
    /// <exception cref="BrokenModelException">An operation lacks an input, or gives another type than declared.</exception>
    GraphOutputs Run(Tensor pixels);
}
