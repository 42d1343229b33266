using System.Text.Json;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;
using Trainer.Core.Platform;
using Xunit;

namespace Trainer.Core.Tests.Evaluation;

public sealed class SetResultTests
{
    private static readonly float[] Normals = [0.5f, 0.6f, 0.7f, 0.8f];
    private static readonly float[] Negatives = [0.1f, 0.55f, 0.3f, 0.75f, 0.2f];

    [Fact]
    public void NegativesAreComparedWithTheNormals()
    {
        var result = SetResult.Of("weeds", SetRole.Negative, Negatives, Normals, threshold: 0.55f);

        Assert.Equal(Auroc.Of(Normals, Negatives), result.Auroc);
        Assert.Equal(0.4, result.FprAt95Tpr, 12); // of five, those from 0.5 on
        Assert.Equal(0.4, result.AcceptRate, 12);
        Assert.Equal(("weeds", 5), (result.Name, result.Count));
    }

    [Fact]
    public void NormalsAreNotComparedWithThemselves()
    {
        var result = SetResult.Of("normal", SetRole.Normal, Normals, Normals, threshold: 0.65f);

        Assert.Equal((double.NaN, double.NaN), (result.Auroc, result.FprAt95Tpr));
        Assert.Equal(0.5, result.AcceptRate);
    }

    [Fact]
    public void SpreadIsThatOfTheCosines()
    {
        var result = SetResult.Of("weeds", SetRole.Negative, Negatives, Normals, threshold: 0);
        var spread = Distribution.Of(Negatives);

        Assert.Equal(
            (spread.Mean, spread.StandardDeviation, spread.Percentile5, spread.Median, spread.Percentile95),
            (result.CosineMean, result.CosineStandardDeviation, result.CosinePercentile5, result.CosineMedian, result.CosinePercentile95));
    }

    [Fact]
    public void WithoutNormalsThereIsNothingToCompareWith()
    {
        var result = SetResult.Of("weeds", SetRole.Negative, Negatives, [], threshold: 0.55f);

        Assert.Equal((double.NaN, double.NaN), (result.Auroc, result.FprAt95Tpr));
        Assert.Equal(0.4, result.AcceptRate, 12);
    }

    [Fact]
    public void JsonHasNullForNaNAndNoSingleCosines()
    {
        var json = JsonSerializer.SerializeToElement(SetResult.Of("normal", SetRole.Normal, Normals, Normals, threshold: 0.65f), Json.Line);

        Assert.Equal("normal", json.GetProperty("role").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("auroc").ValueKind);
        Assert.False(json.TryGetProperty("cosines", out _));
    }
}
