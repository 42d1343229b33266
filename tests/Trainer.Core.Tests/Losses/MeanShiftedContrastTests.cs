using TorchSharp;
using Trainer.Core.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

public sealed class MeanShiftedContrastTests
{
    private static readonly Scalar Temperature = 0.25;

    [Fact]
    public void TheLossIsThatOfPlainLoops()
    {
        double[][] views = [[1, 0.2, 0], [0.9, 0.3, 0.1], [0, 1, 0.5], [0.1, 0.8, 0.6], [0.3, 0.3, 2]];
        long[] photos = [7, 7, 8, 8, 9]; // the last picture has no partner
        double[] centre = [0.4, 0.4, 0.2];

        using var loss = MeanShiftedContrast.Loss(Rows(views), tensor(photos), tensor(centre), Temperature);

        Assert.Equal(Slow(views, photos, centre), loss.item<double>(), 9);
    }

    [Fact]
    public void LengthsDontCount()
    {
        double[][] views = [[1, 0.2, 0], [0.9, 0.3, 0.1], [0, 1, 0.5], [0.1, 0.8, 0.6]];
        long[] photos = [0, 0, 1, 1];
        double[] centre = [0.1, 0.2, 0.3];

        using var loss = MeanShiftedContrast.Loss(Rows(views), tensor(photos), tensor(centre), Temperature);
        using var longer =
            MeanShiftedContrast.Loss(
            Rows([.. views.Select(v => v.Select(x => 5 * x).ToArray())]), tensor(photos), tensor(centre), Temperature);

        Assert.Equal(loss.item<double>(), longer.item<double>(), 12);
    }

    [Fact]
    public void WithoutPairsTheLossIsZero()
    {
        using var loss = MeanShiftedContrast.Loss(
            Rows([[1, 2], [3, 1]]), tensor(new long[] { 0, 1 }), tensor(new double[] { 0, 0 }), Temperature);

        Assert.Equal(0, loss.item<double>());
    }

    [Fact]
    public void GradientsAreThoseOfSmallSteps()
    {
        using var views = Rows([[1, 0.2, 0], [0.9, 0.3, 0.1], [0, 1, 0.5], [0.1, 0.8, 0.6]]).requires_grad_(true);
        var (photos, centre) = (tensor(new long[] { 0, 0, 1, 1 }), tensor(new double[] { 0.1, 0.2, 0.3 }));

        SmallSteps.AgreeWithBackward(() => MeanShiftedContrast.Loss(views, photos, centre, Temperature), views);
    }

    private static Tensor Rows(double[][] rows) => tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length]);

    private static double Slow(double[][] views, long[] photos, double[] centre)
    {
        static double[] Unit(IEnumerable<double> vector)
        {
            var values = vector.ToArray();
            var length = Math.Sqrt(values.Sum(v => v * v));
            return [.. values.Select(v => v / length)];
        }

        var shifted = views.Select(view => Unit(Unit(view).Zip(centre, (x, c) => x - c))).ToArray();
        var (sum, pairs) = (0.0, 0);
        for (var i = 0; i < views.Length; i++)
        {
            double Chance(int j) => Math.Exp(shifted[i].Zip(shifted[j], (a, b) => a * b).Sum() / 0.25);
            var all = Enumerable.Range(0, views.Length).Where(j => j != i).Sum(Chance);
            foreach (var j in Enumerable.Range(0, views.Length).Where(j => j != i && photos[j] == photos[i]))
            {
                sum -= Math.Log(Chance(j) / all);
                pairs++;
            }
        }

        return sum / pairs;
    }
}
