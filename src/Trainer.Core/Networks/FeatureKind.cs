namespace Trainer.Core.Networks;

/// <summary>Which features a network computes from its feature maps, as input of the linear layer.</summary>
public enum FeatureKind
{
    /// <summary>The mean over the places of the last feature map: 1280 values, as in the article (configs/article.json).</summary>
    Pooled,

    /// <summary>Means, deviations and covariances of the feature maps of several depths: <see cref="Descriptor"/>.</summary>
    Depths,
}
