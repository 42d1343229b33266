using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Weights;

namespace Trainer.Core.Training;

/// <summary>The weights that a run starts from.</summary>
/// <param name="Source">What options.json says: a file's path, or "none".</param>
/// <param name="File">Read already; null for random weights.</param>
/// <param name="IsTorchvision">True for torchvision's public file, whose input is normalised in another way.</param>
public sealed record StartWeights(string Source, WeightFile? File, bool IsTorchvision)
{
    /// <summary>Takes ImageNet's where they can be had, and says loudly where not.</summary>
    public const string Auto = "auto";

    /// <summary>torchvision's public file, or an error.</summary>
    public const string ImageNet = "imagenet";

    /// <summary>Random weights.</summary>
    public const string None = "none";

    /// <summary>True when training starts from random weights.</summary>
    public bool IsRandom => Source == None;

    private const string AboutRandom = "Training starts from random weights. That costs accuracy: against look-alikes the gate will be much weaker, and more photos and epochs "
        + "are needed. Two ways out: run once where the network can be reached (the file is kept), or name a file with --weights FILE (torchvision's "
        + PublicWeights.MobileNetV2 + ").";

    /// <summary>Finds and reads the weights that the option names.</summary>
    /// <param name="tell">Told of a download's progress and of what auto decided.</param>
    /// <exception cref="TrainerException">The file is missing or damaged, or "imagenet" can't be had.</exception>
    public static StartWeights Find(string option, Action<TrainingEvent> tell, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(tell);
        switch (option)
        {
            case None:
                return new(None, null, false);
            case ImageNet:
                return FromPublic(tell, cancel);
            case Auto:
                try
                {
                    return FromPublic(tell, cancel);
                }
                catch (TrainerException e)
                {
                    tell(new Notice($"{e.Message.Split('\n')[0]}\n{AboutRandom}"));
                    return new(None, null, false);
                }

            default:
                return new(option, Checkpoint.NetworkOf(WeightFile.Open(option)), PublicWeights.IsMobileNetV2(option));
        }
    }

    /// <summary>Fills the network, and says what was loaded and how its batch norms are treated.</summary>
    /// <exception cref="TrainerException">A tensor is missing or of another shape.</exception>
    public void Load(EmbeddingNetwork network, Action<TrainingEvent> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        if (File is null)
        {
            return;
        }

        var (loaded, notInFile, notUsed) = StateDict.Load(network, File);
        if (IsTorchvision)
        {
            ImageNetInput.Adapt(network);
        }

        tell(new WeightsLoaded(File.FileName, loaded, notInFile, notUsed, BatchNorms.AreFolded(network)));
    }

    private static StartWeights FromPublic(Action<TrainingEvent> tell, CancellationToken cancel)
    {
        var path = PublicWeights.Default().Fetch((bytes, total) => tell(new Downloading(PublicWeights.MobileNetV2, bytes, total)), cancel);
        return new(path, WeightFile.Open(path), IsTorchvision: true);
    }
}
