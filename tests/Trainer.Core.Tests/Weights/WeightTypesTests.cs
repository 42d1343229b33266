using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Weights;

public class WeightTypesTests
{
    [Theory]
    [InlineData(new long[] { }, 4L)]
    [InlineData(new long[] { 2, 3 }, 24L)]
    [InlineData(new long[] { 5, 0 }, 0L)]
    [InlineData(new long[] { 1L << 61 }, null)] // one past the last long
    [InlineData(new long[] { 1L << 40, 1L << 40, 0 }, null)] // the official reader also gives up before it sees the 0
    [InlineData(new long[] { -2 }, null)]
    public void ByteCountIsCheckedForOverflow(long[] shape, long? expected) =>
        Assert.Equal(expected, WeightType.Float32.ByteCount(shape));
}
