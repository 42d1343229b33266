using TorchSharp.Modules;
using Trainer.Core.Optimizing;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

/// <summary>Compares our optimizers with TorchSharp's on a small network.</summary>
public sealed class OptimizerTests
{
    private const int Steps = 25;
    private static readonly double[] Rates = [0.05, 0.02];

    [Fact]
    public void SgdMovesAsTorchDoes() => AssertSame(
        parameters => new SgdOptimizer(parameters, momentum: 0.9, weightDecay: 1e-3),
        parameters => optim.SGD(parameters, 1, momentum: 0.9, weight_decay: 1e-3));

    [Fact]
    public void SgdWithoutMomentumMovesAsTorchDoes() => AssertSame(
        parameters => new SgdOptimizer(parameters, momentum: 0, weightDecay: 0),
        parameters => optim.SGD(parameters, 1));

    [Fact]
    public void AdamWMovesAsTorchDoes() => AssertSame(
        parameters => new AdamWOptimizer(parameters, weightDecay: 1e-2),
        parameters => optim.AdamW(parameters, 1, weight_decay: 1e-2));

    [Fact]
    public void ParametersKeepTheirValuesAndBecomeViewsOfOneRow()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var before = network.parameters().Select(p => p.detach().clone()).ToArray();

        using var flat = new FlatParameters(network.parameters());

        Assert.All(network.parameters().Zip(before), pair => Assert.True((pair.First - pair.Second).abs().max().item<double>() == 0));
        using var _ = no_grad();
        flat.Values.zero_();
        Assert.All(network.parameters(), p => Assert.Equal(0, p.abs().sum().item<double>()));
        Assert.All(network.parameters(), p => Assert.True(p.is_leaf && p.requires_grad));
    }

    [Fact]
    public void BackwardFillsTheRowOfGradientsAndAStepEmptiesIt()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        using var flat = new FlatParameters(network.parameters());
        using var optimizer = new SgdOptimizer(flat, momentum: 0.9, weightDecay: 0);

        Loss(network, 0).backward();

        Assert.NotEqual(0, flat.Gradients.abs().sum().item<double>());
        optimizer.Step(0, rate: 0.1);
        Assert.Equal(0, flat.Gradients.abs().sum().item<double>());
    }

    private static void AssertSame(Func<FlatParameters, IOptimizer> ours, Func<IEnumerable<Parameter>, OptimizerHelper> torchs)
    {
        using var scope = NewDisposeScope();
        using var mine = Network();
        using var reference = Network();
        reference.load_state_dict(mine.state_dict());
        using var flat = new FlatParameters(mine.parameters());
        using var optimizer = ours(flat);
        using var torchOptimizer = torchs(reference.parameters());

        for (var step = 0; step < Steps; step++)
        {
            var rate = Rates[step % Rates.Length];
            Loss(mine, step).backward();
            optimizer.Step(step, rate);
            foreach (var group in torchOptimizer.ParamGroups)
            {
                group.LearningRate = rate;
            }

            torchOptimizer.zero_grad();
            Loss(reference, step).backward();
            torchOptimizer.step();
        }

        foreach (var (actual, expected) in mine.parameters().Zip(reference.parameters()))
        {
            Assert.Equal(0, (actual - expected).abs().max().item<double>(), 1e-12);
        }
    }

    private static Sequential Network() =>
        nn.Sequential(nn.Linear(6, 5, dtype: ScalarType.Float64), nn.Tanh(), nn.Linear(5, 3, dtype: ScalarType.Float64));

    private static Tensor Loss(Sequential network, int step)
    {
        var input = (arange(24, dtype: ScalarType.Float64) + step).sin().reshape(4, 6);
        return network.forward(input).pow(2).sum() + network.forward(input).sum();
    }
}
