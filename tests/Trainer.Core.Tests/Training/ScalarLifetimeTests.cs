using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using Trainer.Core.Optimizing;
using Trainer.Core.Runs.Options;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

/// <summary>TorchSharp passes libtorch the address of a number and may free it during the call (docs/decisions/0006).</summary>
public sealed class ScalarLifetimeTests
{
    private static readonly TrainingOptions Options = new() { Normal = "n", Coco = "c", Out = "o" };

    [Theory]
    [InlineData("arcface", OptimizerKind.Adamw)]
    [InlineData("hsc", OptimizerKind.Sgd)]
    public async Task StepsUnderConstantCollectionAreThoseOfAQuietProcess(string name, OptimizerKind optimizer)
    {
        var quiet = Losses(name, optimizer);
        using var done = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });

        try
        {
            Assert.Equal(quiet, Losses(name, optimizer));
        }
        finally
        {
            await done.CancelAsync();
            await collector;
        }
    }

    private static float[] Losses(string name, OptimizerKind optimizer)
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        using var network = new EmbeddingNetwork();
        IGateLoss loss = name == "hsc"
            ? new HypersphereHead(EmbeddingNetwork.EmbeddingSize, scale: 16)
            : new ArcFaceHead(2, EmbeddingNetwork.EmbeddingSize, marginRadians: 0.5, scale: 16);
        using var updater = new Updater(network, loss, Options with { Optimizer = optimizer }, startsRandom: true);
        var (images, labels) = (randn(4, 3, 32, 32), tensor(new long[] { 0, 1, 0, 1 }));
        network.train();
        return [.. Enumerable.Range(0, 8).Select(step =>
        {
            using var _ = NewDisposeScope();
            using var pass = new TrainingPass(network);
            var value = loss.Loss(pass.Forward(images), labels, labels);
            pass.Backward(value);
            updater.Step(step, share: 0.1);
            return value.item<float>();
        })];
    }
}
