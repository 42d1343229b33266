using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Moves parameters along their gradients.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>One update, by the gradients as they are; afterwards they are zero.</summary>
    /// <param name="step">0-based number of the update.</param>
    /// <param name="rate">Learning rate.</param>
    void Step(int step, double rate);

    /// <summary>What a resume needs beside the parameters, by name.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }
}
