using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Rounding;

/// <summary>Loads the pictures used for rounding weights to 8 bits.</summary>
public static class CalibrationPixels
{
    /// <summary>
    /// Number of pictures to use. It gives every layer thousands of places; more pictures take memory and changed no measured figure.
    /// </summary>
    private const int Most = 64;

    /// <summary>Loads an evenly spread selection of the pictures, which keeps the proportion of normals and negatives.</summary>
    /// <param name="preprocessing">The gate's preprocessing, whose edge is E.</param>
    /// <returns>Normalised pixels, float32 [N, 3, E, E].</returns>
    /// <exception cref="TrainerException">None of the pictures can be read.</exception>
    public static Tensor Load(IReadOnlyList<LabelledImage> pictures, Preprocessing preprocessing, int workers)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var chosen = EvenChoice.Of(pictures, Most).Select(picture => picture.Image);
        var batch = new BatchLoader(preprocessing, Most, workers, new SkippedFiles()).Load(chosen).FirstOrDefault()
            ?? throw new TrainerException("None of the run's calibration pictures can be read, so the weights can't be rounded to 8 bits.");
        return batch.ImagesOn(CPU);
    }
}
