namespace Trainer.Core.Randomness;

/// <summary>Random numbers that are a pure function of a key and a counter.</summary>
/// <remarks>
/// Two generators with the same key give the same sequence, whatever other threads do, so a run can resume without saving a generator's
/// state. The mixing function is SplitMix64's finaliser (Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators", fig.
/// 15).
/// </remarks>
/// <example><c>var random = new CounterRandom(seed, (ulong)epoch, (ulong)image);</c></example>
internal struct CounterRandom
{
    private readonly ulong key;
    private ulong counter;

    /// <summary>Starts the sequence that belongs to this key.</summary>
    /// <param name="key">Seed, purpose, epoch, index and so on. The sequence depends on every word and on their order.</param>
    public CounterRandom(params ReadOnlySpan<ulong> key)
    {
        this.key = 0;
        foreach (var word in key)
        {
            this.key = Mix(this.key + Mix(word + Golden));
        }
    }

    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The next 64 bits; all values are equally likely.</summary>
    public ulong NextUInt64() => Mix(key + (++counter * Golden));

    /// <summary>The next number in [0, 1), with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next number in [low, high).</summary>
    public double Next(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>The next whole number in [0, count); its bias is below count / 2^64.</summary>
    public int Next(int count) => (int)Math.BigMul(NextUInt64(), (ulong)count, out _);

    /// <summary>Puts the items into a random order; every order is equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
