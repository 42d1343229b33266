using Trainer.Core.Batching;
using Xunit;

namespace Trainer.Core.Tests.Batching;

public sealed class OrderedWorkTests
{
    [Fact]
    public void ResultsComeInTheOrderOfTheThings()
    {
        var squares = OrderedWork.Do(Enumerable.Range(0, 200), workers: 4, Square, ahead: 16, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => i * i), squares);

        static int Square(int i)
        {
            Thread.SpinWait(i % 7 * 10_000); // so that they end in another order
            return i * i;
        }
    }

    [Fact]
    public void WorkersWorkAtOnce()
    {
        using var met = new Barrier(2);

        var together = OrderedWork.Do(
            [1, 2], workers: 2, _ => met.SignalAndWait(TimeSpan.FromMinutes(1)), ahead: 8, TestContext.Current.CancellationToken);

        Assert.All(together, Assert.True);
    }

    [Fact]
    public void NoMoreIsTakenThanIsAskedForSoon()
    {
        var taken = 0;
        var things = Enumerable.Range(0, 1000).Select(i => ++taken);

        _ = OrderedWork.Do(things, workers: 2, i => i, ahead: 8, TestContext.Current.CancellationToken).First();

        Assert.Equal(8, taken);
    }

    [Fact]
    public void HeavyThingsAreTakenOneByOne()
    {
        var taken = 0;
        var things = Enumerable.Range(0, 1000).Select(i => ++taken);

        var results = OrderedWork.Do(
            things, workers: 2, i => i, ahead: 8, weight: i => i < 4 ? 1 : 100, mostWeight: 100, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], results.Take(3));
        Assert.Equal(4, taken);
    }

    [Fact]
    public void NothingIsAtWorkAnyMoreWhenTheSourceFails()
    {
        var atWork = 0;

        Assert.Throws<IOException>(
            () => OrderedWork.Do(Failing(), workers: 2, Slow, ahead: 8, TestContext.Current.CancellationToken).Count());

        Assert.Equal(0, Volatile.Read(ref atWork));

        int Slow(int i)
        {
            Interlocked.Increment(ref atWork);
            Thread.Sleep(50);
            return Interlocked.Decrement(ref atWork);
        }

        static IEnumerable<int> Failing()
        {
            yield return 1;
            yield return 2;
            Thread.Sleep(10); // until they are at work
            throw new IOException();
        }
    }

    [Fact]
    public void AnErrorComesInItsTurn()
    {
        using var results = OrderedWork.Do([1, 0, 2], workers: 2, i => 1 / i, ahead: 8, TestContext.Current.CancellationToken)
            .GetEnumerator();

        Assert.True(results.MoveNext());
        Assert.Throws<DivideByZeroException>(() => results.MoveNext());
    }
}
