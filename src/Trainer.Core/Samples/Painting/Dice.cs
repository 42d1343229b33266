using System.Numerics;
using Trainer.Core.Randomness;

namespace Trainer.Core.Samples.Painting;

/// <summary>The random choices of one picture.</summary>
internal sealed class Dice(CounterRandom random)
{
    private CounterRandom random = random;

    public double Between(double low, double high) => random.Next(low, high);

    /// <summary>A whole number from low to high, inclusive.</summary>
    public int Count(int low, int high) => low + random.Next(high - low + 1);

    public bool Chance(double probability) => random.NextDouble() < probability;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>The value, larger or smaller by up to this share of it.</summary>
    public double Around(double value, double share) => value * random.Next(1 - share, 1 + share);

    public Vector2 In(Box box) =>
        new((float)Between(box.X, box.X + box.Width), (float)Between(box.Y, box.Y + box.Height));

    /// <summary>A seed for noise that other libraries draw.</summary>
    public int Seed() => random.Next(1 << 16);
}
