using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>Text for users, stored as files in Golden/, so that a change shows as a diff to review.</summary>
/// <remarks>With UPDATE_GOLDEN=1 in the environment the files are written instead, and the tests skipped.</remarks>
internal static class GoldenText
{
    /// <param name="name">File in Golden/.</param>
    public static void AssertIs(string name, string actual)
    {
        var path = Path.Combine(Repository.Root, "tests", "Trainer.Tests", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
            Assert.Skip($"{name} is written; review its diff.");
        }

        Assert.True(File.Exists(path), $"There is no golden {name}; write it with UPDATE_GOLDEN=1.");
        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }
}
