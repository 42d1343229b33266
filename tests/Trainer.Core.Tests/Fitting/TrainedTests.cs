using Trainer.Core.Fitting;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Fitting;

public sealed class TrainedTests
{
    [Fact]
    public void PhotosThatLieNearerBeyondChanceAreMovedOut()
    {
        var (trained, unseen) = (Drawn(100, 1.0, seed: 1), Drawn(40, 1.5, seed: 2));

        var moved = Trained.AsNew(trained, unseen);

        var factors = trained.Select(photo => moved[photo.Key] / photo.Value).ToArray();
        Assert.All(factors, factor => Assert.Equal(factors[0], factor, 9));
        Assert.InRange(factors[0], 1.38, 1.5); // by 1.5 minus a standard error
    }

    [Theory]
    [InlineData(40, 1.0)] // as near as those never seen
    [InlineData(40, 0.5)] // farther
    [InlineData(1, 9.0)] // one photo tells nothing
    public void OthersStayAsTheyAre(int count, double scale)
    {
        var trained = Drawn(100, 1.0, seed: 1);

        Assert.Equal(trained, Trained.AsNew(trained, Drawn(count, scale, seed: 1)));
    }

    private static Dictionary<ulong, double> Drawn(int count, double scale, ulong seed)
    {
        var random = new CounterRandom(seed);
        return Enumerable.Range(0, count).ToDictionary(i => (ulong)i, _ => scale * Math.Exp(random.Next(-0.2, 0.2)));
    }
}
