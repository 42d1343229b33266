using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Rounding;

/// <summary>The pictures that weights are rounded to 8 bits by.</summary>
public static class CalibrationPixels
{
    /// <summary>So many show every layer thousands of places; more take memory and change nothing that was measured.</summary>
    private const int Most = 64;

    /// <summary>Loads a choice of the pictures, spread over all of them, so normals and negatives in their proportion.</summary>
    /// <param name="preprocessing">The gate's; its edge is E.</param>
    /// <returns>Normalised pixels, float32 [N, 3, E, E].</returns>
    /// <exception cref="TrainerException">None of them can be read.</exception>
    public static Tensor Load(IReadOnlyList<LabelledImage> pictures, Preprocessing preprocessing, int workers)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var chosen = EvenChoice.Of(pictures, Most).Select(picture => picture.Image);
        var batch = new BatchLoader(preprocessing, Most, workers, new SkippedFiles()).Load(chosen).FirstOrDefault()
            ?? throw new TrainerException("None of the run's calibration pictures can be read, so the weights can't be rounded to 8 bits.");
        return batch.ImagesOn(CPU);
    }
}
