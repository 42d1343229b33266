using Trainer.Core.Kernels;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryTaskIsDoneOnceAndBeforeRunReturns(int threads)
    {
        using var team = new ThreadTeam(threads);
        for (var round = 0; round < 500; round++)
        {
            var done = new int[round % 20];

            team.Run(done.Length, (task, thread) =>
            {
                Assert.InRange(thread, 0, threads - 1);
                Interlocked.Increment(ref done[task]);
            });

            Assert.All(done, times => Assert.Equal(1, times));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WhatATaskThrowsIsThrownAndTheTeamWorksOn(int threads)
    {
        using var team = new ThreadTeam(threads);
        Assert.ThrowsAny<InvalidOperationException>(() => team.Run(50, (task, _) => throw new InvalidOperationException($"{task}")));
        var count = 0;

        team.Run(50, (_, _) => Interlocked.Increment(ref count));

        Assert.Equal(50, count);
    }
}
