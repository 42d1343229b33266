using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels.Statistics;

/// <summary>For each channel of a batch, the sums of a and of a · b over all pixels.</summary>
/// <remarks>
/// Each block of rows is summed in single precision, in registers, and added to its picture's sums. The pictures' sums are then added in
/// double precision and in a fixed order, so the results don't depend on the threads.
/// </remarks>
/// <param name="channels">A multiple of 8.</param>
internal sealed unsafe class Moments(int channels)
{
    private const int Together = 4; // vectors whose sums grow together, so that additions needn't wait for one another

    private float[] ofPictures = [];
    private int pictures;

    /// <summary>Σ a.</summary>
    public double[] First { get; } = new double[channels];

    /// <summary>Σ a · b.</summary>
    public double[] Second { get; } = new double[channels];

    /// <summary>Starts a batch: all sums are 0.</summary>
    public void Begin(int count)
    {
        pictures = count;
        if (ofPictures.Length < 2 * channels * count)
        {
            ofPictures = new float[2 * channels * count];
        }

        Array.Clear(ofPictures);
    }

    /// <summary>
    /// Adds rows to a picture's sums, with a = b = z − near. Several threads may call this at once, for different pictures.
    /// </summary>
    /// <param name="z">[rows, C].</param>
    /// <param name="near">[C].</param>
    /// <param name="copy">If not null, z is copied there, past the caches.</param>
    public void AddSquares(int picture, float* z, float* near, int rows, float* copy = null) => Add(picture, null, z, near, rows, copy);

    /// <summary>
    /// Adds rows to a picture's sums, with b = z − near. Several threads may call this at once, for different pictures.
    /// </summary>
    /// <param name="a">[rows, C], like <paramref name="z"/>.</param>
    /// <param name="near">[C].</param>
    /// <param name="copy">If not null, a is copied there, past the caches.</param>
    public void AddProducts(int picture, float* a, float* z, float* near, int rows, float* copy = null) =>
        Add(picture, a, z, near, rows, copy);

    /// <summary>Adds up the sums of all pictures and starts again.</summary>
    public void Settle()
    {
        Array.Clear(First);
        Array.Clear(Second);
        fixed (float* sums = ofPictures)
        {
            fixed (double* first = First, second = Second)
            {
                for (var picture = 0; picture < pictures; picture++)
                {
                    var at = sums + (2 * (nint)channels * picture);
                    for (nint i = 0; i < channels; i += Lanes8.Count)
                    {
                        Lanes8.Load(at + i).AddTo(first + i);
                        Lanes8.Load(at + channels + i).AddTo(second + i);
                    }
                }
            }
        }

        Array.Clear(ofPictures);
    }

    private void Add(int picture, float* a, float* z, float* near, int rows, float* copy)
    {
        fixed (float* sums = ofPictures.AsSpan(2 * channels * picture, 2 * channels))
        {
            if (Vector512.IsHardwareAccelerated && channels % Lanes16.Count == 0)
            {
                Add<Lanes16>(a, z, near, channels, rows, sums, copy);
            }
            else
            {
                Add<Lanes8>(a, z, near, channels, rows, sums, copy);
            }
        }
    }

    /// <param name="a">Null if it is z − near.</param>
    /// <param name="sums">[2, C], added to.</param>
    private static void Add<T>(float* a, float* z, float* near, nint channels, int rows, float* sums, float* copy)
        where T : struct, ILanes<T>
    {
        nint channel = 0;
        for (; channel + (Together * T.Count) <= channels; channel += Together * T.Count)
        {
            AddFour<T>(
                a is null ? null : a + channel, z + channel, near + channel, channels, rows, sums + channel,
                copy is null ? null : copy + channel);
        }

        for (; channel < channels; channel += T.Count)
        {
            AddOne<T>(
                a is null ? null : a + channel, z + channel, near + channel, channels, rows, sums + channel,
                copy is null ? null : copy + channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour<T>(float* a, float* z, float* near, nint channels, int rows, float* sums, float* copy)
        where T : struct, ILanes<T>
    {
        T n0 = T.Load(near), n1 = T.Load(near + T.Count), n2 = T.Load(near + (2 * T.Count)), n3 = T.Load(near + (3 * T.Count));
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, p0 = T.Zero, p1 = T.Zero, p2 = T.Zero, p3 = T.Zero;
        for (; rows > 0; rows--, z += channels)
        {
            T a0 = T.Load(z), a1 = T.Load(z + T.Count), a2 = T.Load(z + (2 * T.Count)), a3 = T.Load(z + (3 * T.Count));
            T b0 = a0 - n0, b1 = a1 - n1, b2 = a2 - n2, b3 = a3 - n3;
            if (a is not null)
            {
                (a0, a1, a2, a3) = (T.Load(a), T.Load(a + T.Count), T.Load(a + (2 * T.Count)), T.Load(a + (3 * T.Count)));
                a += channels;
            }

            if (copy is not null)
            {
                a0.Stream(copy);
                a1.Stream(copy + T.Count);
                a2.Stream(copy + (2 * T.Count));
                a3.Stream(copy + (3 * T.Count));
                copy += channels;
            }

            if (a is null)
            {
                (a0, a1, a2, a3) = (b0, b1, b2, b3);
            }

            (s0, s1, s2, s3) = (s0 + a0, s1 + a1, s2 + a2, s3 + a3);
            (p0, p1) = (T.MultiplyAdd(a0, b0, p0), T.MultiplyAdd(a1, b1, p1));
            (p2, p3) = (T.MultiplyAdd(a2, b2, p2), T.MultiplyAdd(a3, b3, p3));
        }

        Grow(sums, channels, s0, p0);
        Grow(sums + T.Count, channels, s1, p1);
        Grow(sums + (2 * T.Count), channels, s2, p2);
        Grow(sums + (3 * T.Count), channels, s3, p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOne<T>(float* a, float* z, float* near, nint channels, int rows, float* sums, float* copy)
        where T : struct, ILanes<T>
    {
        T n = T.Load(near), s = T.Zero, p = T.Zero;
        for (; rows > 0; rows--, z += channels)
        {
            var value = T.Load(z);
            var b = value - n;
            if (a is not null)
            {
                value = T.Load(a);
                a += channels;
            }

            if (copy is not null)
            {
                value.Stream(copy);
                copy += channels;
            }

            value = a is null ? b : value;
            (s, p) = (s + value, T.MultiplyAdd(value, b, p));
        }

        Grow(sums, channels, s, p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Grow<T>(float* sums, nint channels, T sum, T product)
        where T : struct, ILanes<T>
    {
        (T.Load(sums) + sum).Store(sums);
        (T.Load(sums + channels) + product).Store(sums + channels);
    }
}
