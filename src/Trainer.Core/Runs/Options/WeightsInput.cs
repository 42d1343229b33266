namespace Trainer.Core.Runs.Options;

/// <summary>How the pictures were normalised that start weights were trained on.</summary>
public enum WeightsInput
{
    /// <summary>Known for torchvision's weights and for checkpoints of trainer; taken as <see cref="Unit"/> for others, and the doubt is said.</summary>
    Auto,

    /// <summary>By ImageNet's mean and deviation of each colour, as torchvision does.</summary>
    Imagenet,

    /// <summary>From −1 to 1, as trainer and TensorFlow do.</summary>
    Unit,
}
