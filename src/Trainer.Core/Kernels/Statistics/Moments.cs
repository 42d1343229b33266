using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels.Statistics;

/// <summary>Sums a and a · b for each channel of a batch.</summary>
/// <remarks>A picture is summed in single precision. The pictures' sums are then added in double precision and in a fixed order.</remarks>
/// <param name="channels">A multiple of 8.</param>
internal sealed unsafe class Moments(int channels)
{
    private const int Step = 8;

    private float[] ofPictures = [];
    private int pictures;

    /// <summary>Σ a.</summary>
    public double[] First { get; } = new double[channels];

    /// <summary>Σ a · b.</summary>
    public double[] Second { get; } = new double[channels];

    /// <summary>Starts a batch.</summary>
    public void Begin(int count)
    {
        pictures = count;
        if (ofPictures.Length < 2 * channels * count)
        {
            ofPictures = new float[2 * channels * count];
        }
    }

    /// <summary>Sums a − a0 and (a − a0) · (b − b0) over one picture; several threads may call this at once.</summary>
    /// <param name="a">[rows, C].</param>
    /// <param name="a0">[C].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int picture, float* a, float* a0, float* b, float* b0, int rows)
    {
        var sums = ofPictures.AsSpan(2 * channels * picture, 2 * channels);
        sums.Clear();
        fixed (float* plain = sums)
        {
            var products = plain + channels;
            for (nint row = 0; row < rows; row++, a += channels, b += channels)
            {
                for (nint i = 0; i < channels; i += Step)
                {
                    var value = Vector256.Load(a + i) - Vector256.Load(a0 + i);
                    (Vector256.Load(plain + i) + value).Store(plain + i);
                    Vector256.FusedMultiplyAdd(value, Vector256.Load(b + i) - Vector256.Load(b0 + i), Vector256.Load(products + i))
                        .Store(products + i);
                }
            }
        }
    }

    /// <summary>Adds up the sums of all pictures.</summary>
    public void Settle()
    {
        Array.Clear(First);
        Array.Clear(Second);
        for (var picture = 0; picture < pictures; picture++)
        {
            var sums = ofPictures.AsSpan(2 * channels * picture, 2 * channels);
            for (var i = 0; i < channels; i++)
            {
                First[i] += sums[i];
                Second[i] += sums[channels + i];
            }
        }
    }
}
