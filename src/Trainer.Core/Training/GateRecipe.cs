using System.Text.Json.Nodes;
using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training.Planning;

namespace Trainer.Core.Training;

/// <summary>What training does differently for the two kinds of gates.</summary>
/// <param name="Classes">
/// Classes of a closed-form gate's photos; null for a centroid gate, whose two classes are those of <see cref="Labels"/>.
/// </param>
internal sealed record GateRecipe(IGateLoss Loss, IEpochSampler Sampler, TrainingClasses? Classes)
{
    /// <summary>The options that differ from the defaults for a centroid gate: two classes need more steps at a higher rate.</summary>
    public static JsonObject CentroidDefaults => new() { ["epochs"] = 40, ["batch"] = 32, ["lr"] = 1e-3, ["featuresLr"] = 4e-4 };

    /// <summary>
    /// The options that differ from the defaults when training starts from random weights. A computed head finds nothing in untrained
    /// features, so they have to be trained towards the subject.
    /// </summary>
    public static JsonObject RandomDefaults =>
        new(CentroidDefaults.Select(option => KeyValuePair.Create(option.Key, option.Value?.DeepClone()))) { ["gate"] = "centroid" };

    /// <summary>The kind of features that a gate decides by.</summary>
    public static FeatureKind FeaturesOf(GateKind gate) => gate == GateKind.ClosedForm ? FeatureKind.Depths : FeatureKind.Pooled;

    /// <summary>The recipe of a plan.</summary>
    /// <param name="network">The network with its start weights, on the plan's device.</param>
    /// <exception cref="TrainerException">None of the photos can be read.</exception>
    public static GateRecipe Of(TrainingPlan plan, EmbeddingNetwork network, BatchLoader loader, CancellationToken cancel) =>
        plan.Options.Gate == GateKind.Centroid ? Centroid(plan.Options, plan.Data) : ClosedForm(plan, network, loader, cancel);

    /// <summary>The recipe for two classes: one of the two-class losses, starting from random class weights.</summary>
    private static GateRecipe Centroid(TrainingOptions options, TrainingData data)
    {
        const int Size = EmbeddingNetwork.EmbeddingSize;
        const int Centres = 3; // the value in the paper on Sub-center ArcFace
        var (margin, scale) = (double.DegreesToRadians(options.LossMargin), options.LossScale);
        IGateLoss loss = options.Loss switch
        {
            LossKind.Arcface => new ArcFaceHead(Labels.Count, Size, margin, scale),
            LossKind.SubCenter => new ArcFaceHead(Labels.Count, Size, margin, scale, Centres),
            LossKind.Hsc => new HypersphereHead(Size, scale),
            LossKind.Bce => new BinaryHead(Size, scale),
            _ => throw new NotSupportedException($"No loss {options.Loss}."),
        };
        return new(loss, new EpochSampler(
            data.Normals.Train, data.Negatives.Train, options.Batch / options.ChunksInStep(), (ulong)options.Seed), Classes: null);
    }

    /// <summary>The recipe for many classes, found with the network as it is before training.</summary>
    private static GateRecipe ClosedForm(TrainingPlan plan, EmbeddingNetwork network, BatchLoader loader, CancellationToken cancel)
    {
        var (options, normals, negatives, seed) =
            (plan.Options, plan.Data.Normals.Train, plan.Data.Negatives.Train, (ulong)plan.Options.Seed);
        var known = plan.Resumed is { IsSaved: true } run ? TrainingClasses.Of(ClassesFile.Read(run.Folder.Classes)) : null;
        using var found = known is null && options.Epochs > 0
            ? TrainingClasses.Find(
                network, plan.Device, loader, normals, Sampler(_ => 0).NegativesIn(options.Epochs), options.Clusters, seed, plan.Portions,
                cancel)
            : null;
        var classes = found?.Classes ?? known ?? TrainingClasses.None;

        // The loss leaves out the covariances, because features trained on them too tell look-alikes apart worse (docs/decisions/0024).
        var loss = new ManyClassLoss(
            Descriptor.MeansAndDeviations, classes.Count, double.DegreesToRadians(options.LossMargin), options.LossScale);
        loss.to(plan.Device);
        found?.Start(loss);
        return new(loss, Sampler(classes.Of), classes);

        PairedSampler Sampler(Func<ImageEntry, int> labelOf) =>
            new(normals, negatives, labelOf, options.Batch / options.ChunksInStep(), seed);
    }
}
