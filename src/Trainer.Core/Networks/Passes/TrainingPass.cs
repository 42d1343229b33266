using static TorchSharp.torch;

namespace Trainer.Core.Networks.Passes;

/// <summary>Forward and backward through a network in training: by our own kernels where it has them, by libtorch otherwise.</summary>
/// <param name="network">Its parameters have gradients to add to; not disposed here.</param>
internal sealed class TrainingPass(EmbeddingNetwork network) : IDisposable
{
    private Tensor? statistics; // [N, F], where libtorch's part begins

    /// <summary>Images to embeddings, with what <see cref="Backward"/> needs: the head on what <see cref="Describe"/> gives.</summary>
    /// <param name="images">Normalised pixels, [N, 3, E, E].</param>
    /// <returns>Embeddings of any length, [N, 512].</returns>
    public Tensor Forward(Tensor images) => network.Head.forward(Describe(images));

    /// <summary>Images to features, with what <see cref="Backward"/> needs. The head takes no part, unless the loss applies it.</summary>
    /// <param name="images">Normalised pixels, [N, 3, E, E].</param>
    /// <returns>[N, F], for a loss to be made of.</returns>
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

    /// <summary>Adds the gradients of all parameters to theirs.</summary>
    /// <param name="loss">Of what <see cref="Forward"/> or <see cref="Describe"/> gave last, a scalar.</param>
    public void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        loss.backward();
        if (statistics is { grad: { } gradients })
        {
            using (gradients)
            {
                network.FastFor(statistics)!.Backward(gradients); // it was there when the pass began
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
