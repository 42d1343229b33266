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

/// <summary>What the two kinds of gates do differently in training.</summary>
/// <param name="Classes">Of a closed-form gate's photos; null where there are the two of <see cref="Labels"/>.</param>
internal sealed record GateRecipe(IGateLoss Loss, IEpochSampler Sampler, TrainingClasses? Classes)
{
    /// <summary>What differs from the defaults for a centroid gate: two classes need more steps, at a higher rate.</summary>
    public static JsonObject CentroidDefaults => new() { ["epochs"] = 40, ["batch"] = 32, ["lr"] = 1e-3, ["featuresLr"] = 4e-4 };

    /// <summary>What differs from the defaults from random weights: features that know nothing have to be trained towards the subject, since a computed head finds nothing in them.</summary>
    public static JsonObject RandomDefaults => new(CentroidDefaults.Select(option => KeyValuePair.Create(option.Key, option.Value?.DeepClone()))) { ["gate"] = "centroid" };

    /// <summary>The features that a gate decides by.</summary>
    public static FeatureKind FeaturesOf(GateKind gate) => gate == GateKind.ClosedForm ? FeatureKind.Depths : FeatureKind.Pooled;

    /// <summary>The recipe of a plan.</summary>
    /// <param name="network">With its start weights, on the plan's device.</param>
    /// <exception cref="TrainerException">None of the photos can be read.</exception>
    public static GateRecipe Of(TrainingPlan plan, EmbeddingNetwork network, BatchLoader loader, CancellationToken cancel) =>
        plan.Options.Gate == GateKind.Centroid ? Centroid(plan.Options, plan.Data) : ClosedForm(plan, network, loader, cancel);

    /// <summary>Two classes, by one of their losses, from random class weights.</summary>
    private static GateRecipe Centroid(TrainingOptions options, TrainingData data)
    {
        const int Size = EmbeddingNetwork.EmbeddingSize;
        const int Centres = 3; // of Sub-center ArcFace: the paper's
        var (margin, scale) = (double.DegreesToRadians(options.LossMargin), options.LossScale);
        IGateLoss loss = options.Loss switch
        {
            LossKind.Arcface => new ArcFaceHead(Labels.Count, Size, margin, scale),
            LossKind.SubCenter => new ArcFaceHead(Labels.Count, Size, margin, scale, Centres),
            LossKind.Hsc => new HypersphereHead(Size, scale),
            LossKind.Bce => new BinaryHead(Size, scale),
            _ => throw new NotSupportedException($"No loss {options.Loss}."),
        };
        return new(loss, new EpochSampler(data.Normals.Train, data.Negatives.Train, options.Batch / options.ChunksInStep(), (ulong)options.Seed), Classes: null);
    }

    /// <summary>Many classes, found by the network as it is before training.</summary>
    private static GateRecipe ClosedForm(TrainingPlan plan, EmbeddingNetwork network, BatchLoader loader, CancellationToken cancel)
    {
        var (options, normals, negatives, seed) = (plan.Options, plan.Data.Normals.Train, plan.Data.Negatives.Train, (ulong)plan.Options.Seed);
        var known = plan.Resumed is { IsSaved: true } run ? TrainingClasses.Of(ClassesFile.Read(run.Folder.Classes)) : null;
        using var found = known is null && options.Epochs > 0
            ? TrainingClasses.Find(network, plan.Device, loader, normals, Sampler(_ => 0).NegativesIn(options.Epochs), options.Clusters, seed, plan.Portions, cancel)
            : null;
        var classes = found?.Classes ?? known ?? TrainingClasses.None;

        // Without the covariances: trained on them too, the features tell look-alikes apart worse (docs/decisions/0024).
        var loss = new ManyClassLoss(Descriptor.MeansAndDeviations, classes.Count, double.DegreesToRadians(options.LossMargin), options.LossScale);
        loss.to(plan.Device);
        found?.Start(loss);
        return new(loss, Sampler(classes.Of), classes);

        PairedSampler Sampler(Func<ImageEntry, int> labelOf) => new(normals, negatives, labelOf, options.Batch / options.ChunksInStep(), seed);
    }
}
