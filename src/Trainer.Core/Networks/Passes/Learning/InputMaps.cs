using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes.Learning;

/// <summary>
/// The feature maps of a batch, [N, E, E, C], as the next convolution reads them: kept, or normalised while they are read.
/// </summary>
/// <param name="values">The maps; if there is a norm, the convolution's results before it and its ReLU6.</param>
/// <param name="channels">C.</param>
/// <param name="hasRelu6">True when the maps are the result of a ReLU6.</param>
/// <param name="norm">The norm to apply, followed by a ReLU6; null if the maps are kept.</param>
internal readonly unsafe struct InputMaps(float* values, int edge, int channels, bool hasRelu6, Normalisation? norm = null)
{
    public float* Values => values;

    public int Edge => edge;

    public bool HasRelu6 => hasRelu6;

    /// <summary>True when the maps are normalised while they are read.</summary>
    public bool AreNormalisedHere => norm is not null;

    /// <summary>Values in a row of a picture.</summary>
    public nint Row => edge * channels;

    /// <summary>Values in a picture's maps.</summary>
    public nint Size => edge * Row;

    /// <summary>Where a picture begins, in floats.</summary>
    public nint Offset(int picture) => picture * Size;

    /// <summary>Gets some rows of a picture.</summary>
    /// <param name="last">The row after the last one.</param>
    /// <param name="memory">For rows that are normalised here.</param>
    /// <returns>Where the picture's first row would be; only the rows that were asked for may be read.</returns>
    public float* Rows(int picture, int first, int last, AlignedBuffer memory)
    {
        if (norm is null)
        {
            return values + Offset(picture);
        }

        var rows = memory.For((last - first) * Row);
        norm.Apply(values + Offset(picture) + (first * Row), rows, (last - first) * edge, plus: null, relu6: true);
        return rows - (first * Row);
    }

    /// <summary>Adds gradients of some rows of a picture to the sums that the norm needs, if it is applied here.</summary>
    /// <param name="gradients">The picture's first row of the gradients before the ReLU6.</param>
    /// <param name="copy">If not null, the rows are copied there, past the caches.</param>
    public void AddGradients(int picture, float* gradients, int first, int last, float* copy)
    {
        var offset = first * Row;
        norm?.AddGradients(
            picture, gradients + offset, values + Offset(picture) + offset, (last - first) * edge, copy is null ? null : copy + offset);
    }
}
