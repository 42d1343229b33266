using System.Numerics;
using System.Text.Json.Serialization;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Imaging.Caching;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Options;

/// <summary>How an update changes the weights.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum, as in the article.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    Adamw,
}

/// <summary>How a gate decides.</summary>
public enum GateKind
{
    /// <summary>
    /// By a head that is computed, not trained, from features of several depths. Training by ArcFace over many classes improves the
    /// features.
    /// </summary>
    ClosedForm,

    /// <summary>By the angle to the mean of embeddings that were trained as two classes, as in the article.</summary>
    Centroid,
}

/// <summary>The loss that training minimises.</summary>
public enum LossKind
{
    /// <summary>ArcFace on two classes, as in the article.</summary>
    Arcface,

    /// <summary>ArcFace with three centres per class.</summary>
    SubCenter,

    /// <summary>Hypersphere classifier.</summary>
    Hsc,

    /// <summary>Binary cross-entropy.</summary>
    Bce,
}

/// <summary>How the learning rate changes over the run.</summary>
public enum Schedule
{
    /// <summary>Constant, as in the article.</summary>
    Constant,

    /// <summary>A short linear warm-up, then half a cosine down to 1 % of the peak.</summary>
    Cosine,
}

/// <summary>
/// All options that decide a run. They are printed first and saved with every checkpoint. JSON uses the command line's names.
/// </summary>
public sealed record TrainingOptions
{
    // Pictures

    /// <summary>Folder of pictures of the subject; searched in all its subfolders.</summary>
    public required string Normal { get; init; }

    /// <summary>Folder of ordinary pictures, the negatives; searched in all its subfolders.</summary>
    public required string Coco { get; init; }

    /// <summary>
    /// Folders of look-alikes that users confuse with the subject, by the name that reports use; for closed-form gates only.
    /// </summary>
    public IReadOnlyDictionary<string, string> Negative { get; init; } = new Dictionary<string, string>();

    /// <summary>Normals for calibration and test; if null, both are split off from <see cref="Normal"/>.</summary>
    public string? ValidNormal { get; init; }

    /// <summary>Negatives for calibration and test; if null, both are split off from <see cref="Coco"/>.</summary>
    public string? ValidCoco { get; init; }

    /// <summary>The run's folder; must not hold anything yet.</summary>
    public required string Out { get; init; }

    // Recipe

    /// <summary>Edge of the square network input in pixels: one of <see cref="Imaging.Preprocessing.Edges"/>.</summary>
    public int Size { get; init; } = Imaging.Preprocessing.Default.Edge;

    /// <summary>How a picture becomes the network's input.</summary>
    [JsonIgnore]
    public Imaging.Preprocessing Preprocessing => new(Size);

    /// <summary>How the gate decides, which also decides how it is trained.</summary>
    public GateKind Gate { get; init; } = GateKind.ClosedForm;

    /// <summary>Most classes that ordinary photos are divided into for training; at least 1. For closed-form gates only.</summary>
    public int Clusters { get; init; } = 40;

    /// <summary>How often every training normal is shown; 0 for a closed-form gate on the start weights, else at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Pictures per step; at least 2. Pictures left over at the end of an epoch are dropped.</summary>
    public int Batch { get; init; } = 48;

    /// <summary>Pictures in a chunk of a step, a part of <see cref="Batch"/>; 0 for a step in one go. A step's gradients are those of its
    /// chunks, added up in a fixed order, on one machine or several.</summary>
    public int Chunk { get; init; }

    /// <summary>How many chunks a step has, a power of two.</summary>
    public int ChunksInStep() => Chunk == 0 ? 1 : Batch / Chunk;

    /// <summary>Epochs from one validation and checkpoint to the next; at least 1.</summary>
    public int SaveInterval { get; init; } = 10;

    /// <summary>The network's peak learning rate; above 0.</summary>
    public double Lr { get; init; } = 3e-4;

    /// <summary>
    /// Peak learning rate of features that start from given weights; above 0. Features with random weights learn at <see cref="Lr"/>.
    /// </summary>
    public double FeaturesLr { get; init; } = 3e-4;

    /// <summary>The class weights' peak learning rate; above 0.</summary>
    public double ClassLr { get; init; } = 1e-2;

    /// <summary>The network's optimizer. The class weights always learn by plain SGD at <see cref="ClassLr"/>.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adamw;

    /// <summary>SGD's momentum for the network, 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of the network; at least 0.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>How far the features go from the start weights (0) to the trained weights (1). For closed-form gates only.</summary>
    public double TrainedShare { get; init; } = 0.5;

    /// <summary>The schedule of all learning rates.</summary>
    public Schedule Schedule { get; init; } = Schedule.Cosine;

    /// <summary>The loss that training minimises.</summary>
    public LossKind Loss { get; init; } = LossKind.Hsc;

    /// <summary>ArcFace's angular margin in degrees, 0 to 90; null for the gate's own default.</summary>
    public double? Margin { get; init; }

    /// <summary><see cref="Margin"/>, or the gate's default: 0.2 rad among many classes, the paper's 0.5 rad among two.</summary>
    [JsonIgnore]
    public double LossMargin => Margin ?? (Gate == GateKind.ClosedForm ? 11.5 : 28.6);

    /// <summary>The factor that the loss multiplies cosines by; above 0. Null for the loss's own default.</summary>
    public double? Scale { get; init; }

    /// <summary>
    /// <see cref="Scale"/>, or the loss's default. Larger scales make the hypersphere classifier collapse all normals into one point, where
    /// their order is chance.
    /// </summary>
    [JsonIgnore]
    public double LossScale => Scale ?? (Gate == GateKind.Centroid && Loss == LossKind.Hsc ? 4 : 16);

    /// <summary>How training pictures are augmented.</summary>
    public AugmentationMode Augmentation { get; init; } = AugmentationMode.Full;

    /// <summary>Least area of a random crop, as a share of the picture's centre square; 0.01 to 1.</summary>
    public double LeastArea { get; init; } = Imaging.Augmenting.Augmentation.LeastArea;

    /// <summary>Share of the subject's pictures that the threshold should accept; above 0, at most 1.</summary>
    public double Accept { get; init; } = 0.95;

    /// <summary>
    /// The start weights: a file (.pth, .safetensors, .ckpt of another run), "imagenet", "builtin", "none", or "auto", which means imagenet
    /// if available and otherwise builtin.
    /// </summary>
    public string Weights { get; init; } = "auto";

    /// <summary>How the pictures that the start weights were trained on were normalised.</summary>
    public WeightsInput WeightsInput { get; init; } = WeightsInput.Auto;

    /// <summary>The seed of every random choice; at least 0.</summary>
    public long Seed { get; init; }

    // Machine

    /// <summary>How often the state is saved between validations, in the form that <see cref="CheckpointInterval.Parse"/> reads.</summary>
    public string CheckpointEvery { get; init; } = "5m";

    /// <summary>One of <see cref="TorchRuntime.Devices"/>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads for computing, and as many for decoding; 0 means <see cref="TorchRuntime.DefaultThreads"/>.</summary>
    public int Threads { get; init; }

    /// <summary>Disk space in GB for decoded pictures, which later epochs and runs read instead of the files; 0 for no cache.</summary>
    public double CacheLimit { get; init; } = 20;

    /// <summary>The user's cache of decoded pictures; null if <see cref="CacheLimit"/> is 0.</summary>
    internal PixelCache? OpenCache() => CacheLimit > 0 ? PixelCache.Open(
        UserCache.FolderOf($"pixels-{ImageDecoder.Version}"), (long)(CacheLimit * 1e9)) : null;

    /// <summary>Checks every range.</summary>
    /// <returns>This.</returns>
    /// <exception cref="TrainerException">A value is outside its range; the message names the option, the value and the range.</exception>
    public TrainingOptions Checked()
    {
        Check(Epochs >= (Gate == GateKind.ClosedForm ? 0 : 1), "epochs", Epochs,
            Gate == GateKind.ClosedForm ? "at least 0" : "at least 1 for a gate that is trained from random weights, or as two classes");
        Check(!Negative.Keys.Any(name => name is "" or "normal" or "coco"), "negative", string.Join(", ", Negative.Keys),
            "called by names of their own; 'normal' and 'coco' are those of --normal and --coco");
        Check(Imaging.Preprocessing.Edges.Contains(Size), "size", Size, $"one of {string.Join(", ", Imaging.Preprocessing.Edges)}");
        Check(Clusters >= 1, "clusters", Clusters, "at least 1");
        Check(Batch >= 2, "batch", Batch, "at least 2");
        Check(Chunk == 0 || (Chunk >= 2 && Batch % Chunk == 0 && BitOperations.IsPow2(Batch / Chunk)), "chunk", Chunk,
            $"0, or --batch ({Batch}) divided by 1, 2, 4 or a higher power of two");
        Check(SaveInterval >= 1, "save-interval", SaveInterval, "at least 1 epoch");
        Check(Lr is > 0 and <= 100, "lr", Lr, "above 0, at most 100");
        Check(FeaturesLr is > 0 and <= 100, "features-lr", FeaturesLr, "above 0, at most 100");
        Check(LeastArea is >= 0.01 and <= 1, "least-area", LeastArea, "from 0.01 to 1");
        Check(ClassLr is > 0 and <= 100, "class-lr", ClassLr, "above 0, at most 100");
        Check(Momentum is >= 0 and < 1, "momentum", Momentum, "from 0 to below 1");
        Check(TrainedShare is >= 0 and <= 1, "trained-share", TrainedShare, "from 0 to 1");
        Check(WeightDecay is >= 0 and <= 10, "weight-decay", WeightDecay, "from 0 to 10");
        Check(LossMargin is >= 0 and <= 90, "margin", LossMargin, "from 0 to 90 degrees (28.6 is the usual 0.5 rad)");
        Check(LossScale is > 0 and <= 1000, "scale", LossScale, "above 0, at most 1000");
        Check(Accept is > 0 and <= 1, "accept", Accept, "above 0, at most 1 (0.95 means 95 of 100)");
        Check(CheckpointInterval.Parse(CheckpointEvery) is not null, "checkpoint-every", CheckpointEvery,
            "steps (200), seconds (90s) or minutes (5m); 0 for at validations only");
        Check(Seed >= 0, "seed", Seed, "at least 0");
        Check(Threads is >= 0 and <= 1024, "threads", Threads, "from 1 to 1024, or 0 for one for each core");
        Check(CacheLimit is >= 0 and <= 100_000, "cache-limit", CacheLimit, "from 0 to 100000 GB");
        Check(TorchRuntime.Devices.Contains(Device), "device", Device, $"one of {string.Join(", ", TorchRuntime.Devices)}");
        return this;
    }

    private static void Check(bool holds, string name, object value, string expected)
    {
        if (!holds)
        {
            throw new TrainerException(FormattableString.Invariant($"--{name} is {value}; it must be {expected}."));
        }
    }
}
