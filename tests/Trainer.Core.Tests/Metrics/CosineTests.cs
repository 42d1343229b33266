using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class CosineTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void AgreesWithThePlainFormula()
    {
        var random = new CounterRandom(1);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var (a, b) = (Draw(ref random), Draw(ref random));
            double dot = 0, lengthA = 0, lengthB = 0;
            for (var i = 0; i < a.Length; i++)
            {
                dot += (double)a[i] * b[i];
                lengthA += (double)a[i] * a[i];
                lengthB += (double)b[i] * b[i];
            }

            Assert.Equal(dot / Math.Sqrt(lengthA * lengthB), Cosine.Of(a, b), Tolerance);
        }
    }

    [Fact]
    public void LengthDoesNotMatter()
    {
        Assert.Equal(1, Cosine.Of([3, 4], [30, 40]), Tolerance);
        Assert.Equal(-1, Cosine.Of([3, 4], [-0.3f, -0.4f]), Tolerance);
        Assert.Equal(0, Cosine.Of([3, 4], [-4, 3]), Tolerance);
    }

    [Fact]
    public void NeverLeavesItsRange()
    {
        var random = new CounterRandom(2);
        for (var repeat = 0; repeat < 200; repeat++)
        {
            var a = Draw(ref random);

            Assert.InRange(Cosine.Of(a, a), 1 - 1e-6f, 1);
        }
    }

    [Fact]
    public void ZeroVectorIsNearToNothing() => Assert.Equal(0, Cosine.Of([0, 0], [1, 2]));

    [Fact]
    public void NormaliseKeepsTheDirection()
    {
        float[] vector = [3, 0, -4];

        Cosine.Normalise(vector);

        Assert.Equal([0.6f, 0, -0.8f], vector);
    }

    [Fact]
    public void NormaliseLeavesZeroAlone()
    {
        float[] zero = [0, 0];

        Cosine.Normalise(zero);

        Assert.Equal([0, 0], zero);
    }

    private static float[] Draw(ref CounterRandom random)
    {
        var vector = new float[512];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)random.Next(-1, 1);
        }

        return vector;
    }
}
