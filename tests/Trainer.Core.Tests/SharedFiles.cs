using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests;

/// <summary>
/// Files next to the repository rather than in it: goldens and pictures. Tests that need them are skipped if they are missing.
/// </summary>
public static class SharedFiles
{
    /// <summary>The folder <c>shared/goldens</c> beside the repository, or null.</summary>
    public static string? Goldens { get; } = Find("goldens");

    /// <summary>The folder <c>shared/data</c> beside the repository, or null.</summary>
    public static string? Data { get; } = Find("data");

    /// <summary>The path of a golden file; without it, the test is skipped.</summary>
    public static string Golden(string name)
    {
        var path = Path.Combine(Goldens ?? "", name);
        Assert.SkipUnless(Goldens is not null && File.Exists(path), $"shared/goldens/{name} isn't beside the repository.");
        return path;
    }

    /// <summary>The path of one of the shared files of weights; without it, the test is skipped.</summary>
    public static string Weights(string name)
    {
        var path = Path.Combine(Data ?? "", "weights", name);
        Assert.SkipUnless(Data is not null && File.Exists(path), $"shared/data/weights/{name} isn't beside the repository.");
        return path;
    }

    /// <summary>torchvision's own file, as downloaded.</summary>
    public static string TorchvisionWeights() => Weights(PublicWeights.MobileNetV2);

    private static string? Find(string folder)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "shared", folder);
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
