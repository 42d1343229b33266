namespace Trainer.Core.Kernels.Statistics;

/// <summary>The mean of each channel over a picture's places; and its gradient.</summary>
internal static unsafe class Pooling
{
    /// <summary>Computes the means [channels] of a feature map [places, channels].</summary>
    public static void Forward(float* map, int places, int channels, float* means)
    {
        for (nint channel = 0; channel < channels; channel += Lanes8.Count)
        {
            var sum = Lanes8.Zero;
            for (nint place = 0; place < places; place++)
            {
                sum += Lanes8.Load(map + (place * channels) + channel);
            }

            (sum / places).Store(means + channel);
        }
    }

    /// <summary>Computes the gradients of the feature map before its ReLU6.</summary>
    /// <param name="map">The same as for <see cref="Forward"/>.</param>
    /// <param name="gradients">Gradients of the means.</param>
    /// <param name="result">Written.</param>
    public static void Backward(float* map, int places, int channels, float* gradients, float* result)
    {
        for (nint place = 0; place < places; place++)
        {
            var offset = place * channels;
            for (nint channel = 0; channel < channels; channel += Lanes8.Count)
            {
                var gradient = Lanes8.Load(gradients + channel) / places;
                gradient.Relu6Gradient(Lanes8.Load(map + offset + channel)).Store(result + offset + channel);
            }
        }
    }
}
