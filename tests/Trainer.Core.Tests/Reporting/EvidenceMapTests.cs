using TorchSharp;
using Trainer.Core.Reporting;
using Trainer.Core.Training;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

[Collection(typeof(ReportedRun))]
public sealed class EvidenceMapTests(ReportedRun run)
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public void SharesAddUpToTheCosineThatTheGateDecidesBy()
    {
        var batch = ReportedRun.Loader().Load(run.Data.Normals.Test, TestContext.Current.CancellationToken).First();

        var maps = EvidenceMap.Of(run.Gate, batch);

        Assert.All(maps.Zip(run.Gate.Cosines(batch)), pair =>
        {
            Assert.Equal(16, pair.First.Shares.Count);
            Assert.Equal(pair.Second, pair.First.Cosine, Tolerance);
            Assert.Equal(pair.Second, pair.First.Shares.Sum(share => (double)share), Tolerance);
        });
    }

    [Fact]
    public void SharesAreThoseOfThePlacesRowByRow()
    {
        var batch = ReportedRun.Loader().Load(run.Data.Normals.Test.Take(1), TestContext.Current.CancellationToken).First();
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        using var doubles = TrainedGate.Load(run.Run.BestCheckpoint, torch.CPU); // in float32 libtorch is wrong on some processors
        doubles.Network.to(torch.ScalarType.Float64);
        var maps = doubles.Network.Features.forward(batch.ImagesOn(torch.CPU).to(torch.ScalarType.Float64)); // [1, 1280, 4, 4]
        var centroid = run.Gate.Checkpoint.Centroid.Values;
        var along = new double[16];
        var mean = new double[512];
        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 4; x++)
            {
                var place = doubles.Network.Head.forward(maps[.., .., y, x]).data<double>().ToArray(); // 512
                for (var d = 0; d < 512; d++)
                {
                    along[(4 * y) + x] += place[d] * centroid[d] / 16;
                    mean[d] += place[d] / 16;
                }
            }
        }

        var map = EvidenceMap.Of(run.Gate, batch)[0];

        var length = Math.Sqrt(mean.Sum(v => v * v));
        Assert.Equal(along.Select(a => a / length), map.Shares.Select(share => (double)share), (a, b) => Math.Abs(a - b) < Tolerance);
    }

    [Fact]
    public void BaselineAddsUpToTheThresholdInTheProportionsOfTheTypical()
    {
        var map = new EvidenceMap(0.8f, [.. Enumerable.Range(0, 16).Select(i => i < 8 ? 0.075f : 0.025f)]);

        var baseline = EvidenceMap.Baseline([map, map], threshold: 0.4f);

        Assert.Equal(0.4, baseline.Sum(), Tolerance);
        Assert.Equal(3, baseline[0] / baseline[15], Tolerance);
    }

    [Fact]
    public void WithoutTypicalPicturesAllPlacesHoldTheSame() =>
        Assert.All(EvidenceMap.Baseline([], threshold: 0.8f), value => Assert.Equal(0.05, value, Tolerance));
}
