using TorchSharp.Modules;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Runs.Options;
using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Updates the features, the embedding layer and the loss's own weights, each with its own peak learning rate.</summary>
internal sealed class Updater : IDisposable
{
    private readonly EmbeddingNetwork network;
    private readonly bool startsRandom;
    private readonly Group[] groups;
    private readonly WeightBlend blend;

    /// <summary>Takes over the parameters. Both modules must be on their device already.</summary>
    /// <param name="startsRandom">True when the features start from random weights and learn as fast as the rest.</param>
    public Updater(EmbeddingNetwork network, IGateLoss loss, TrainingOptions options, bool startsRandom)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(options);
        this.network = network;
        this.startsRandom = startsRandom;
        var features = Group.Of("features", network.Features.parameters(), startsRandom ? options.Lr : options.FeaturesLr, Optimizer);
        groups = loss.TakesFeatures
            ? [features, Group.Of("classes", loss.Module.parameters(), options.Lr, Optimizer)] // the head is computed, not trained
            :
            [
                features,
                Group.Of("embedding", network.Head.parameters(), options.Lr, Optimizer),
                Group.Of("classes", loss.Module.parameters(), options.ClassLr, parameters =>
                    new SgdOptimizer(parameters, momentum: 0, weightDecay: 0)),
            ];
        blend = new WeightBlend(groups[0].Parameters.Values, startsRandom || !loss.TakesFeatures ? 1 : options.TrainedShare);

        IOptimizer Optimizer(FlatParameters parameters) => options.Optimizer == OptimizerKind.Sgd
            ? new SgdOptimizer(parameters, options.Momentum, options.WeightDecay)
            : new AdamWOptimizer(parameters, options.WeightDecay);
    }

    /// <summary>The optimizers' state between steps, by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        groups.SelectMany(group => group.Optimizer.State.Select(state => KeyValuePair.Create($"{group.Name}.{state.Key}", state.Value)))
            .Concat(blend.State.Select((tensor, i) => KeyValuePair.Create($"blend.{i}", tensor)));

    /// <summary>The gradients of all that learns, a row for each group; a backward pass adds to them.</summary>
    internal IEnumerable<Tensor> Gradients => groups.Select(group => group.Parameters.Gradients);

    /// <summary>False once a weight is NaN or infinite.</summary>
    public bool IsFinite
    {
        get
        {
            using var scope = NewDisposeScope();
            return groups.All(group => group.Parameters.Values.isfinite().all().item<bool>());
        }
    }

    /// <summary>
    /// Puts the blended weights, from which the gate is made, into the network until the result is disposed: see <see cref="WeightBlend"/>.
    /// </summary>
    public IDisposable UseBlend() => blend.Use();

    /// <summary>Updates all weights by their gradients, and sets the gradients to zero.</summary>
    /// <param name="step">0-based number of the update.</param>
    /// <param name="share">Share of the peak rates to use, 0 to 1.</param>
    public void Step(int step, double share)
    {
        foreach (var group in groups)
        {
            group.Optimizer.Step(step, group.PeakRate * share);
        }

        if (step == 0 && startsRandom)
        {
            BatchNorms.ResetRunningStatistics(network);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        blend.Dispose();
        foreach (var group in groups)
        {
            group.Optimizer.Dispose();
            group.Parameters.Dispose();
        }
    }

    private sealed record Group(string Name, FlatParameters Parameters, double PeakRate, IOptimizer Optimizer)
    {
        public static Group Of(string name, IEnumerable<Parameter> parameters, double peakRate, Func<FlatParameters, IOptimizer> optimizer)
        {
            var flat = new FlatParameters(parameters);
            return new Group(name, flat, peakRate, optimizer(flat));
        }
    }
}
