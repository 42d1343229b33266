using Trainer.Core.Kernels.Statistics;
using Xunit;

namespace Trainer.Core.Tests.Kernels.Statistics;

public sealed unsafe class PoolingTests
{
    private const int Places = 4;
    private const int Channels = 32;

    [Fact]
    public void MeansAreOverAPicturesPlaces()
    {
        using Numbers map = new(Places * Channels, 1), means = new(Channels, 2);

        Pooling.Forward(map.First, Places, Channels, means.First);

        means.AreCloseTo(channel => Enumerable.Range(0, Places).Average(place => (double)map[(place * Channels) + channel]));
    }

    [Fact]
    public void GradientsAreSharedByThePlacesThatReluLeft()
    {
        using Numbers map = new(Places * Channels, 1, -3, 9), gradients = new(Channels, 2), result = new(Places * Channels, 3);

        Pooling.Backward(map.First, Places, Channels, gradients.First, result.First);

        result.AreCloseTo(i => map[i] is > 0 and < 6 ? gradients[i % Channels] / Places : 0);
    }
}
