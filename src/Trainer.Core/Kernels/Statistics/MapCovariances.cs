using System.Numerics.Tensors;

namespace Trainer.Core.Kernels.Statistics;

/// <summary>The covariance of every two channels i &lt; j over a picture's places, row by row; and its gradient.</summary>
/// <remarks>The number of channels must be a multiple of 32.</remarks>
internal static unsafe class MapCovariances
{
    private const int PlacesInBlock = 32; // places centred at a time; sums of so few products lose little to rounding

    /// <summary>Computes the covariances of a feature map [places, channels].</summary>
    /// <param name="means">Means of the channels, [channels].</param>
    /// <param name="result">[channels · (channels − 1) / 2], written.</param>
    public static void Forward(float* map, int places, int channels, float* means, float* result)
    {
        float* products = stackalloc float[channels * channels], block = stackalloc float[PlacesInBlock * channels];
        new Span<float>(products, channels * channels).Clear();
        for (var place = 0; place < places; place += PlacesInBlock)
        {
            var rows = Centre(map, place, places, channels, means, block);
            Product.Add(block, block, products, rows, channels, channels, 0, channels);
        }

        for (var i = 0; i < channels; i++)
        {
            for (var j = i + 1; j < channels; j++)
            {
                *result++ = products[(i * channels) + j] / places;
            }
        }
    }

    /// <summary>Adds the feature map's gradients to <paramref name="result"/>.</summary>
    /// <param name="map">The same as for <see cref="Forward"/>, like <paramref name="means"/>.</param>
    /// <param name="gradients">Gradients of the covariances.</param>
    /// <param name="result">[places, channels], added to.</param>
    public static void Backward(float* map, int places, int channels, float* means, float* gradients, float* result)
    {
        float* weights = stackalloc float[channels * channels], block = stackalloc float[PlacesInBlock * channels];
        for (var i = 0; i < channels; i++)
        {
            weights[(i * channels) + i] = 0;
            for (var j = i + 1; j < channels; j++)
            {
                weights[(i * channels) + j] = weights[(j * channels) + i] = *gradients++ / places;
            }
        }

        for (var place = 0; place < places; place += PlacesInBlock)
        {
            var rows = Centre(map, place, places, channels, means, block);
            for (var row = 0; row < rows; row += GemmTile.Rows)
            {
                for (var column = 0; column < channels; column += GemmTile.Wide)
                {
                    var into = result + ((nint)(place + row) * channels) + column;
                    GemmTile.Multiply(
                        block + (row * channels), channels, 1, weights + column, channels, into, channels,
                        Math.Min(GemmTile.Rows, rows - row), GemmTile.Wide, channels, new Epilogue(plus: into));
                }
            }
        }
    }

    /// <summary>Copies a block of places and subtracts the means.</summary>
    /// <returns>The number of places copied.</returns>
    private static int Centre(float* map, int place, int places, int channels, float* means, float* block)
    {
        var rows = Math.Min(PlacesInBlock, places - place);
        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.Subtract(
                new ReadOnlySpan<float>(map + ((nint)(place + row) * channels), channels), new ReadOnlySpan<float>(means, channels),
                new Span<float>(block + (row * channels), channels));
        }

        return rows;
    }
}
