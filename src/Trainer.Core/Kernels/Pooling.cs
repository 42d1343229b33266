namespace Trainer.Core.Kernels;

/// <summary>The mean over a picture's places, for each channel; and its gradient.</summary>
internal static unsafe class Pooling
{
    /// <summary>[pictures, places, channels] to [pictures, channels].</summary>
    public static void Forward(Team team, float* maps, float* means, int pictures, int places, int channels) => team.Run(pictures, (picture, _) =>
    {
        var first = maps + ((nint)picture * places * channels);
        for (nint channel = 0; channel < channels; channel += Lanes8.Count)
        {
            var sum = Lanes8.Zero;
            for (nint place = 0; place < places; place++)
            {
                sum += Lanes8.Load(first + (place * channels) + channel);
            }

            (sum / places).Store(means + ((nint)picture * channels) + channel);
        }
    });

    /// <summary>The gradients of the maps before their ReLU6.</summary>
    /// <param name="gradients">Of the means.</param>
    /// <param name="maps">As <see cref="Forward"/> had them.</param>
    /// <param name="result">Written.</param>
    public static void Backward(Team team, float* gradients, float* maps, float* result, int pictures, int places, int channels) => team.Run(pictures, (picture, _) =>
    {
        for (nint place = 0; place < places; place++)
        {
            var offset = (((nint)picture * places) + place) * channels;
            for (nint channel = 0; channel < channels; channel += Lanes8.Count)
            {
                var gradient = Lanes8.Load(gradients + ((nint)picture * channels) + channel) / places;
                gradient.Relu6Gradient(Lanes8.Load(maps + offset + channel)).Store(result + offset + channel);
            }
        }
    });
}
