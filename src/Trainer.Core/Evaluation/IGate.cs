using Trainer.Core.Batching;
using Trainer.Core.Imaging;

namespace Trainer.Core.Evaluation;

/// <summary>Decides about pictures: a checkpoint run by TorchSharp, or an exported file in its own runtime.</summary>
public interface IGate
{
    /// <summary>A picture is accepted when its cosine is at least this.</summary>
    float Threshold { get; }

    /// <summary>How a picture becomes the network's input.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>The cosine of each picture to the centroid, −1 to 1, in the order of the batch.</summary>
    float[] Cosines(Batch batch);
}
