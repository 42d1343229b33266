using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Weights;

namespace Trainer.Core.Training.Planning;

/// <summary>The weights that a run starts from.</summary>
/// <param name="Source">The entry in options.json: a file's path, "builtin" or "none".</param>
/// <param name="File">The file's content; null for random weights.</param>
/// <param name="IsTorchvision">True for torchvision's public weights, in any file.</param>
/// <param name="Input">How the pictures that the weights were trained on were normalised; never <see cref="WeightsInput.Auto"/>.</param>
/// <param name="Doubt">A notice for the user if the normalisation is uncertain; otherwise null.</param>
public sealed record StartWeights(
    string Source, WeightFile? File, bool IsTorchvision, WeightsInput Input = WeightsInput.Unit, string? Doubt = null)
{
    /// <summary>Uses ImageNet's weights if they are available, otherwise the built-in weights.</summary>
    public const string Auto = "auto";

    /// <summary>Requires torchvision's public file; it is an error if it isn't available.</summary>
    public const string ImageNet = "imagenet";

    /// <summary>The weights that come with the program.</summary>
    public const string BuiltIn = RunRecord.BuiltInWeights;

    /// <summary>Random weights.</summary>
    public const string None = "none";

    /// <summary>True when training starts from random weights.</summary>
    public bool IsRandom => Source == None;

    private const string AboutBuiltIn = "The gate starts from the weights built into trainer. Torchvision's weights tell look-alikes apart "
        + "better: run trainer once with a network connection (the file is "
        + "kept), or name it with --weights FILE (" + PublicWeights.MobileNetV2 + ").";

    /// <summary>Finds and reads the weights that the option names.</summary>
    /// <param name="option"><see cref="TrainingOptions.Weights"/>.</param>
    /// <param name="input"><see cref="TrainingOptions.WeightsInput"/>.</param>
    /// <param name="tell">Called with the progress of a download and with the choice of auto.</param>
    /// <exception cref="TrainerException">The file is missing or damaged, or "imagenet" isn't available.</exception>
    public static StartWeights Find(string option, WeightsInput input, Action<TrainingEvent> tell, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(tell);
        switch (option)
        {
            case None:
                return new(None, null, false);
            case BuiltIn:
                return OfProgram();
            case ImageNet:
                return Read(Fetch(tell, cancel), input);
            case Auto:
                try
                {
                    return Read(Fetch(tell, cancel), input);
                }
                catch (TrainerException e)
                {
                    tell(new Notice($"{e.Message.Split('\n')[0]}\n{AboutBuiltIn}"));
                    return OfProgram();
                }

            default:
                return Read(option, input);
        }
    }

    /// <summary>
    /// Loads the weights into the network, and reports what was loaded and how the input and the batch norms are treated.
    /// </summary>
    /// <exception cref="TrainerException">A tensor is missing or has another shape.</exception>
    internal void Load(EmbeddingNetwork network, Action<TrainingEvent> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        if (File is null)
        {
            return;
        }

        var isComputed = network.Kind == FeatureKind.Depths; // then the head will be computed, and a head in the file isn't used
        var (loaded, notInFile, notUsed) = StateDict.Load(
            network, isComputed ? new WeightFile(File.FileName, File.Tensors.Values.Where(tensor => !IsOfHead(tensor.Name)), File.Metadata)
            : File);
        // Nothing reads the batch norms' counters.
        notInFile = [.. notInFile.Where(
            name => !(isComputed && IsOfHead(name)) && !name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))];
        var areFolded = BatchNorms.AreFolded(network);
        if (Input == WeightsInput.Imagenet)
        {
            ImageNetInput.Adapt(network);
        }

        if (Doubt is not null)
        {
            tell(new Notice(Doubt));
        }

        tell(new WeightsLoaded(File.FileName, loaded, notInFile, notUsed, areFolded, IsTorchvision, Input));
    }

    private static bool IsOfHead(string name) => name.StartsWith("fc.", StringComparison.Ordinal);

    private static StartWeights OfProgram() => new(BuiltIn, BuiltInWeights.Read(), IsTorchvision: false);

    private static string Fetch(Action<TrainingEvent> tell, CancellationToken cancel) =>
        PublicWeights.Default().Fetch((bytes, total) => tell(new Downloading(PublicWeights.MobileNetV2, bytes, total)), cancel);

    private static StartWeights Read(string path, WeightsInput asked)
    {
        var file = WeightFile.Open(path);
        var network = Checkpoint.NetworkOf(file);
        var isTorchvision = TorchvisionWeights.AreIn(network);
        WeightsInput? known = isTorchvision ? WeightsInput.Imagenet : CheckpointFile.IsCheckpoint(file) ? WeightsInput.Unit : null;
        return new(path, network, isTorchvision, asked == WeightsInput.Auto ? known ?? WeightsInput.Unit : asked,
            DoubtOf(path, known, asked));
    }

    private static string? DoubtOf(string path, WeightsInput? known, WeightsInput asked) => (known, asked) switch
    {
        (null, WeightsInput.Auto) => $"'{path}' doesn't say how its training pictures were normalised, so a range of -1 to 1 is assumed. "
            + "If they were normalised by ImageNet's mean and standard deviation, as for most weights of PyTorch, "
            + "add --weights-input imagenet; otherwise add --weights-input unit.",
        (WeightsInput.Imagenet, WeightsInput.Unit) => $"'{path}' holds torchvision's weights, which were trained on pictures normalised by "
            + "ImageNet's mean and standard deviation, but --weights-input unit overrides this. Leave it out unless you are sure.",
        (WeightsInput.Unit, WeightsInput.Imagenet) => $"'{path}' is a checkpoint of trainer, which was trained on pictures normalised to "
            + "-1 to 1, but --weights-input imagenet overrides this. Leave it out unless you are sure.",
        _ => null,
    };
}
