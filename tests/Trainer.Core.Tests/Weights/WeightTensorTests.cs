using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Weights;

public class WeightTensorTests
{
    [Theory]
    [InlineData(WeightType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf })]
    [InlineData(WeightType.Float32, new byte[] { 0, 0, 0xc0, 0xbf })]
    [InlineData(WeightType.Float16, new byte[] { 0, 0xbe })]
    [InlineData(WeightType.BFloat16, new byte[] { 0xc0, 0xbf })]
    public void FloatingTypesBecomeSingles(WeightType type, byte[] minusOneAndAHalf)
    {
        var tensor = new WeightTensor("w", type, [2], (byte[])[.. new byte[minusOneAndAHalf.Length], .. minusOneAndAHalf]);

        Assert.Equal([0f, -1.5f], tensor.ToSingles());
    }

    [Fact]
    public void WholeNumbersDoNotBecomeSingles() =>
        Assert.Throws<InvalidOperationException>(() => new WeightTensor("n", WeightType.Int64, [], new byte[8]).ToSingles());

    [Fact]
    public void ScalarHoldsOneNumber() => Assert.Equal(1, new WeightTensor("n", WeightType.Int64, [], new byte[8]).Count);

    [Theory]
    [InlineData(new long[] { 2 }, 4)]
    [InlineData(new long[] { -1 }, 4)]
    [InlineData(new long[] { long.MaxValue, 4 }, 4)]
    public void DataOfAnotherLengthIsRefused(long[] shape, int length) =>
        Assert.Throws<ArgumentException>(() => new WeightTensor("w", WeightType.Float32, shape, new byte[length]));
}
