using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Updates parameters by their gradients.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>Makes one update by the current gradients, and sets the gradients to zero.</summary>
    /// <param name="step">0-based number of the update.</param>
    /// <param name="rate">Learning rate.</param>
    void Step(int step, double rate);

    /// <summary>The tensors that a resumed run needs besides the parameters, by name.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }
}
