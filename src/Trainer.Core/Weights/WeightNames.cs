namespace Trainer.Core.Weights;

/// <summary>Brings the names that files give to tensors to those of our network.</summary>
internal static class WeightNames
{
    private const string DataParallel = "module.";
    private const string ArticleFeatures = "head.";
    private const string Features = "features.";

    private static readonly string[] LastLayers = ["features.18.", "classifier."];

    /// <summary>True for the last layers of a whole MobileNetV2, which a gate may do without.</summary>
    /// <param name="name">A canonical one.</param>
    public static bool IsOfLastLayers(string name) => Array.Exists(LastLayers, layer => name.StartsWith(layer, StringComparison.Ordinal));

    /// <summary>The name that our network uses.</summary>
    /// <remarks>
    /// A leading <c>module.</c> goes (PyTorch's DataParallel puts it there); then a leading <c>head.</c>, the article's
    /// name for the feature layers, becomes torchvision's <c>features.</c>. All else stays.
    /// </remarks>
    public static string Canonical(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bare = name.StartsWith(DataParallel, StringComparison.Ordinal) ? name[DataParallel.Length..] : name;
        return bare.StartsWith(ArticleFeatures, StringComparison.Ordinal) ? Features + bare[ArticleFeatures.Length..] : bare;
    }
}
