using Trainer.Core.Catalog;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class EvenChoiceTests
{
    [Theory]
    [InlineData(10, 3, new[] { 0, 3, 6 })]
    [InlineData(10, 5, new[] { 0, 2, 4, 6, 8 })]
    [InlineData(3, 5, new[] { 0, 1, 2 })]
    [InlineData(0, 5, new int[0])]
    public void ItemsStandAtEvenDistances(int count, int most, int[] chosen) =>
        Assert.Equal(chosen, EvenChoice.Of([.. Enumerable.Range(0, count)], most));

    [Theory]
    [InlineData(10, 2, new[] { 0, 9 })]
    [InlineData(10, 4, new[] { 0, 3, 6, 9 })]
    [InlineData(3, 5, new[] { 0, 1, 2 })]
    public void TheFirstAndTheLastCanBeAmongThem(int count, int most, int[] chosen) =>
        Assert.Equal(chosen, EvenChoice.WithEnds([.. Enumerable.Range(0, count)], most));
}
