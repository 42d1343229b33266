using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Updates the network and the class weights, each by its own optimizer and rate.</summary>
public sealed class Updater : IDisposable
{
    private readonly FlatParameters networkParameters;
    private readonly FlatParameters classParameters;
    private readonly IOptimizer network;
    private readonly SgdOptimizer classes;
    private readonly TrainingOptions options;

    /// <summary>Takes the parameters over; both modules are on their device already.</summary>
    public Updater(IEnumerable<Parameter> network, IEnumerable<Parameter> classes, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        networkParameters = new FlatParameters(network);
        classParameters = new FlatParameters(classes);
        this.network = options.Optimizer == OptimizerKind.Sgd
            ? new SgdOptimizer(networkParameters, options.Momentum, options.WeightDecay)
            : new AdamWOptimizer(networkParameters, options.WeightDecay);
        this.classes = new SgdOptimizer(classParameters, momentum: 0, weightDecay: 0);
    }

    /// <summary>What the optimizers carry from step to step, by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        network.State.Select(s => KeyValuePair.Create($"network.{s.Key}", s.Value))
            .Concat(classes.State.Select(s => KeyValuePair.Create($"classes.{s.Key}", s.Value)));

    /// <summary>Moves all weights one step along the loss's gradient.</summary>
    /// <param name="step">0-based number of the update.</param>
    /// <param name="share">Of the peak rates, 0 to 1.</param>
    public void Step(Tensor loss, int step, double share)
    {
        ArgumentNullException.ThrowIfNull(loss);
        loss.backward();
        network.Step(step, options.Lr * share);
        classes.Step(step, options.ClassLr * share);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        classes.Dispose();
        networkParameters.Dispose();
        classParameters.Dispose();
    }
}
