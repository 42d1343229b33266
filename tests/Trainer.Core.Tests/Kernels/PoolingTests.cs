using Trainer.Core.Kernels;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

public sealed unsafe class PoolingTests
{
    private const int Pictures = 2;
    private const int Places = 4;
    private const int Channels = 32;

    [Fact]
    public void MeansAreOverAPicturesPlaces()
    {
        using Numbers maps = new(Pictures * Places * Channels, 1), means = new(Pictures * Channels, 2);

        Pooling.Forward(Team.Alone, maps.First, means.First, Pictures, Places, Channels);

        means.AreCloseTo(i => Enumerable.Range(0, Places).Average(place => (double)maps[(((i / Channels * Places) + place) * Channels) + (i % Channels)]));
    }

    [Fact]
    public void GradientsAreSharedByThePlacesThatReluLeft()
    {
        using Numbers maps = new(Pictures * Places * Channels, 1, -3, 9), gradients = new(Pictures * Channels, 2), result = new(Pictures * Places * Channels, 3);

        Pooling.Backward(Team.Alone, gradients.First, maps.First, result.First, Pictures, Places, Channels);

        result.AreCloseTo(i => maps[i] is > 0 and < 6 ? gradients[(i / (Places * Channels) * Channels) + (i % Channels)] / Places : 0);
    }
}
