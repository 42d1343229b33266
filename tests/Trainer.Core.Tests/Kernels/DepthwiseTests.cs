using Trainer.Core.Kernels;
using Trainer.Core.Kernels.Filters;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

public sealed unsafe class DepthwiseTests
{
    private const int Pictures = 3;
    private const int Channels = 32;

    public static TheoryData<int, int> Shapes =>
        new() { { 1, 1 }, { 1, 2 }, { 2, 1 }, { 2, 2 }, { 5, 1 }, { 5, 2 }, { 7, 1 }, { 14, 2 }, { 20, 1 }, { 20, 2 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void FiltersAsLoopsDo(int edge, int stride)
    {
        using var team = new ThreadTeam(2);
        var kernel = new Depthwise(Channels, edge, stride);
        using Numbers x = new(Pictures * edge * edge * Channels, 1, 0, 6), w = new(9 * Channels, 2), bias = new(Channels, 3),
            y = new(Pictures * kernel.Edge * kernel.Edge * Channels, 4);

        kernel.Forward(team, x.First, w.First, bias.First, y.First, Pictures, relu6: true);

        var expected = new double[Pictures * kernel.Edge * kernel.Edge * Channels];
        ForEachMeeting(edge, stride, kernel.Edge, (input, output, weight) => expected[output] += (double)x[input] * w[weight]);
        y.AreCloseTo(i => Math.Clamp(expected[i] + bias[i % Channels], 0, 6));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GradientsAreThoseOfTheLoops(int edge, int stride)
    {
        const int Groups = 2;
        using var team = new ThreadTeam(2);
        var kernel = new Depthwise(Channels, edge, stride);
        using Numbers x = new(Pictures * edge * edge * Channels, 1, -2, 8), w = new(9 * Channels, 2),
            dy = new(Pictures * kernel.Edge * kernel.Edge * Channels, 3);
        using Numbers dx = new(Pictures * edge * edge * Channels, 4), sums = new(Groups * 9 * Channels, 5),
            constants = new(Groups * Channels, 6);
        var into = new GradientSums(sums.First, constants.First, Groups, 9 * Channels, Channels);

        kernel.Backward(team, dy.First, x.First, w.First, dx.First, into, Pictures);
        into.Join(team);

        Sum[] ofInput = Sums(Pictures * edge * edge * Channels), ofWeight = Sums(9 * Channels), ofConstant = Sums(Channels);
        ForEachMeeting(edge, stride, kernel.Edge, (input, output, weight) =>
        {
            ofInput[input].Add((double)dy[output] * w[weight]);
            ofWeight[weight].Add((double)dy[output] * x[input]);
        });
        for (var i = 0; i < Pictures * kernel.Edge * kernel.Edge * Channels; i++)
        {
            ofConstant[i % Channels].Add(dy[i]);
        }

        // No gradient passes where ReLU6 is flat.
        Assert.All(ofInput.Index(), sum => (x[sum.Index] is > 0 and < 6 ? sum.Item : new Sum()).AssertNear(dx[sum.Index]));
        Assert.All(ofWeight.Index(), sum => sum.Item.AssertNear(sums[sum.Index]));
        Assert.All(ofConstant.Index(), sum => sum.Item.AssertNear(constants[sum.Index]));
    }

    /// <summary>In bands, with nothing but the rows that each band needs.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void BandsOfRowsGiveTheSameAsWholePictures(int edge, int stride)
    {
        const int RowsInBand = 3;
        var kernel = new Depthwise(Channels, edge, stride);
        nint row = edge * Channels, given = kernel.Edge * Channels;
        using Numbers x = new((int)row * edge, 1, -2, 8), w = new(9 * Channels, 2), bias = new(Channels, 3),
            dy = new((int)given * kernel.Edge, 4);
        using Numbers whole = new((int)given * kernel.Edge, 5), y = new((int)given * kernel.Edge, 6), wholeDx = new((int)row * edge, 7),
            dx = new((int)row * edge, 8), sums = new(9 * Channels, 9, 0, 0), wholeSums = new(9 * Channels, 10), constants = new(Channels, 11);
        var into = new GradientSums(wholeSums.First, constants.First, 1, 9 * Channels, Channels);
        kernel.Forward(ThreadTeam.Alone, x.First, w.First, bias.First, whole.First, 1, relu6: false);
        kernel.Backward(ThreadTeam.Alone, dy.First, x.First, w.First, wholeDx.First, into, 1);

        for (var first = 0; first < kernel.Edge; first += RowsInBand)
        {
            var last = Math.Min(kernel.Edge, first + RowsInBand);
            var (from, to) = kernel.InputRows(first, last);
            using var band = Copy(x.First + (from * row), (to - from) * row);
            kernel.ForwardRows(band.First - (from * row), w.First, bias.First, y.First, first, last, relu6: false);
        }

        for (var first = 0; first < edge; first += RowsInBand)
        {
            var last = Math.Min(edge, first + RowsInBand);
            var (from, to) = kernel.OutputRows(first, last);
            using var band = Copy(dy.First + (from * given), (to - from) * given);
            kernel.BackwardRows(band.First - (from * given), x.First, w.First, dx.First, sums.First, first, last);
        }

        Assert.Equal(whole.Copy(), y.Copy());
        Assert.Equal(wholeDx.Copy(), dx.Copy());
        Assert.Equal(wholeSums.Copy(), sums.Copy());
    }

    private static AlignedBuffer Copy(float* from, nint count)
    {
        var copy = new AlignedBuffer();
        new ReadOnlySpan<float>(from, (int)count).CopyTo(new Span<float>(copy.For(count), (int)count));
        return copy;
    }

    private static Sum[] Sums(int count) => [.. Enumerable.Range(0, count).Select(_ => new Sum())];

    /// <summary>A sum in float64, and how far a sum in float32 may be from it.</summary>
    private sealed class Sum
    {
        // In rounding errors of the terms' sum; up to 2.6 was seen, and nine terms may differ by 9.
        private const double Rounding = 4.0 / (1 << 24);

        private double sum, magnitude;

        public void Add(double term)
        {
            sum += term;
            magnitude += Math.Abs(term);
        }

        public void AssertNear(double found) => Assert.InRange(found, sum - (Rounding * magnitude), sum + (Rounding * magnitude));
    }

    /// <summary>Lists every combination of input, output and weight that are multiplied, by their indices.</summary>
    private static void ForEachMeeting(int edge, int stride, int outputEdge, Action<int, int, int> meet)
    {
        for (var output = 0; output < Pictures * outputEdge * outputEdge; output++)
        {
            var (picture, row, column) = (output / (outputEdge * outputEdge), output / outputEdge % outputEdge, output % outputEdge);
            for (var tap = 0; tap < 9; tap++)
            {
                var (y, x) = ((row * stride) + (tap / 3) - 1, (column * stride) + (tap % 3) - 1);
                for (var c = 0; c < Channels && y >= 0 && x >= 0 && y < edge && x < edge; c++)
                {
                    meet((((((picture * edge) + y) * edge) + x) * Channels) + c, (output * Channels) + c, (tap * Channels) + c);
                }
            }
        }
    }
}
