using Trainer.Commands.Options;
using Trainer.Core;
using Xunit;

namespace Trainer.Tests;

public sealed class TaskShareTests
{
    [Theory]
    [InlineData("0/8", 0, 8)]
    [InlineData("7/8", 7, 8)]
    public void TheOptionSaysWhichShare(string given, int index, int count) =>
        Assert.Equal(new TaskShare(index, count), TaskShare.Of(given, _ => "99"));

    [Theory]
    [InlineData("8/8")]
    [InlineData("-1/8")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    public void WhatIsNoShareIsAnError(string given) =>
        Assert.StartsWith($"--task is {given}; it must be I/N", Error(given), StringComparison.Ordinal);

    [Theory]
    [InlineData("", 0, 1)]
    [InlineData("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_STEP=1",
        3, 8)]
    [InlineData("SLURM_ARRAY_TASK_ID=14 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_MAX=17 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_STEP=2",
        2, 4)]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=3 AWS_BATCH_JOB_ARRAY_SIZE=10", 3, 10)]
    [InlineData("CLOUD_RUN_TASK_INDEX=3 CLOUD_RUN_TASK_COUNT=10", 3, 10)]
    public void SchedulersSayItByTheirVariables(string variables, int index, int count) =>
        Assert.Equal(new TaskShare(index, count), TaskShare.Of(null, Environment(variables)));

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_STEP=1",
        "This Slurm array has gaps: 2 tasks from 3 to 7 in steps of 1.")]
    [InlineData("SLURM_ARRAY_TASK_ID=7", "SLURM_ARRAY_TASK_ID is there, but SLURM_ARRAY_TASK_MIN is no number.")]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=3", "AWS_BATCH_JOB_ARRAY_INDEX is '3' and AWS_BATCH_JOB_ARRAY_SIZE '', which is no share.")]
    [InlineData("JOB_COMPLETION_INDEX=3",
        "JOB_COMPLETION_INDEX says which task of a Kubernetes job this is, but nothing says of how many.")]
    public void ShardsAreNeverLeftToNobody(string variables, string error) =>
        Assert.StartsWith(
        error, Assert.Throws<TrainerException>(() => TaskShare.Of(null, Environment(variables))).Message, StringComparison.Ordinal);

    [Fact]
    public void SharesAreDisjointAndWhole()
    {
        var things = Enumerable.Range(0, 10).ToArray();

        Assert.Equal(things, Enumerable.Range(0, 4).SelectMany(i => new TaskShare(i, 4).Of(things)).Order());
    }

    private static string Error(string given) => Assert.Throws<TrainerException>(() => TaskShare.Of(given, _ => null)).Message;

    private static Func<string, string?> Environment(string variables)
    {
        var all = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(one => one.Split('=')[0], one => one.Split('=')[1]);
        return name => all.GetValueOrDefault(name);
    }
}
