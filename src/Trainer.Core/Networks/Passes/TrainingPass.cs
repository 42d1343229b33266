using static TorchSharp.torch;

namespace Trainer.Core.Networks.Passes;

/// <summary>
/// The forward and backward passes of a network in training: by trainer's own kernels where possible, otherwise by libtorch.
/// </summary>
/// <param name="network">Its parameters must have gradients allocated; not disposed here.</param>
internal sealed class TrainingPass(EmbeddingNetwork network) : IDisposable
{
    private Tensor? statistics; // [N, F]; libtorch computes everything after them

    /// <summary>
    /// Computes embeddings of images, keeping what <see cref="Backward"/> needs: applies the head to <see cref="Describe"/>'s result.
    /// </summary>
    /// <param name="images">Normalised pixels, [N, 3, E, E].</param>
    /// <returns>Embeddings of any length, [N, 512].</returns>
    public Tensor Forward(Tensor images) => network.Head.forward(Describe(images));

    /// <summary>Computes features of images, keeping what <see cref="Backward"/> needs. The head isn't applied here.</summary>
    /// <param name="images">Normalised pixels, [N, 3, E, E].</param>
    /// <returns>Features, [N, F], to compute a loss from.</returns>
    public Tensor Describe(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        Dispose();
        if (network.FastFor(images) is not { } fast)
        {
            return network.Describe(images);
        }

        statistics = fast.Forward(images, keeps: true).requires_grad_(true).DetachFromDisposeScope();
        return network.FeaturesOf(statistics);
    }

    /// <summary>Adds the gradients of a loss to the parameters' gradients.</summary>
    /// <param name="loss">A scalar computed from the last result of <see cref="Forward"/> or <see cref="Describe"/>.</param>
    public void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        loss.backward();
        if (statistics is { grad: { } gradients })
        {
            using (gradients)
            {
                network.FastFor(statistics)!.Backward(gradients); // not null, as it was used in the forward pass
            }
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        statistics?.Dispose();
        statistics = null;
    }
}
