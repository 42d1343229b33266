namespace Trainer.Core.Runs.Options;

/// <summary>How the pictures that start weights were trained on were normalised.</summary>
public enum WeightsInput
{
    /// <summary>
    /// Recognised for torchvision's weights and for checkpoints of trainer. Others are treated as <see cref="Unit"/>, with a notice.
    /// </summary>
    Auto,

    /// <summary>By ImageNet's mean and standard deviation of each colour, as in torchvision.</summary>
    Imagenet,

    /// <summary>To −1 to 1, as in trainer and TensorFlow.</summary>
    Unit,
}
