using Trainer.Core.Batching;
using Trainer.Core.Imaging;

namespace Trainer.Core.Evaluation;

/// <summary>What decides about pictures: the checkpoint in TorchSharp, or an exported file in its own runtime.</summary>
public interface IGate
{
    /// <summary>A picture is accepted when its cosine is at least this.</summary>
    float Threshold { get; }

    /// <summary>How a picture becomes its input.</summary>
    Preprocessing Preprocessing { get; }

    /// <summary>Cosine of each picture of the batch to the centroid, in its order, −1 to 1.</summary>
    float[] Cosines(Batch batch);
}
