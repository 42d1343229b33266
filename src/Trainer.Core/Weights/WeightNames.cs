namespace Trainer.Core.Weights;

/// <summary>Translates the names of tensors in files to the names in this network.</summary>
internal static class WeightNames
{
    private const string DataParallel = "module.";
    private const string ArticleFeatures = "head.";
    private const string Features = "features.";

    private static readonly string[] LastLayers = ["features.18.", "classifier."];

    /// <summary>True for the last layers of a complete MobileNetV2, which a gate may not have.</summary>
    /// <param name="name">A canonical name.</param>
    public static bool IsOfLastLayers(string name) => Array.Exists(LastLayers, layer => name.StartsWith(layer, StringComparison.Ordinal));

    /// <summary>The tensor's name in this network.</summary>
    /// <remarks>
    /// A leading <c>module.</c>, which PyTorch's DataParallel adds, is removed. Then a leading <c>head.</c>, the article's name for the
    /// feature layers, becomes torchvision's <c>features.</c>. Other names are unchanged.
    /// </remarks>
    public static string Canonical(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bare = name.StartsWith(DataParallel, StringComparison.Ordinal) ? name[DataParallel.Length..] : name;
        return bare.StartsWith(ArticleFeatures, StringComparison.Ordinal) ? Features + bare[ArticleFeatures.Length..] : bare;
    }
}
