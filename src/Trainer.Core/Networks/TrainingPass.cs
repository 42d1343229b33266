using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>Forward and backward through a network in training: by our own kernels where it has them, by libtorch otherwise.</summary>
/// <param name="network">Its parameters have gradients to add to; not disposed here.</param>
public sealed class TrainingPass(EmbeddingNetwork network) : IDisposable
{
    private Tensor? features; // [N, 1280], where libtorch's part begins

    /// <summary>Images to embeddings, with what <see cref="Backward"/> needs.</summary>
    /// <param name="images">Normalised pixels, [N, 3, E, E].</param>
    /// <returns>Embeddings of any length, [N, 512].</returns>
    public Tensor Forward(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        Dispose();
        if (network.FastFor(images) is not { } fast)
        {
            return network.forward(images);
        }

        features = fast.Forward(images, keeps: true).requires_grad_(true).DetachFromDisposeScope();
        return network.Head.forward(features);
    }

    /// <summary>Adds the gradients of all parameters to theirs.</summary>
    /// <param name="loss">Of what <see cref="Forward"/> gave last, a scalar.</param>
    public void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        loss.backward();
        if (features is { grad: { } gradients })
        {
            using (gradients)
            {
                network.FastFor(features)!.Backward(gradients); // it was there in Forward
            }
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        features?.Dispose();
        features = null;
    }
}
