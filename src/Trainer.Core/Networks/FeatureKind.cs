namespace Trainer.Core.Networks;

/// <summary>What a network reads off its maps for the linear layer.</summary>
public enum FeatureKind
{
    /// <summary>The mean over the places of the last map: 1280 numbers, as in the article.</summary>
    Pooled,

    /// <summary>Means, deviations and covariances of the maps of several depths: <see cref="Descriptor"/>.</summary>
    Depths,
}
