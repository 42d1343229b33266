namespace Trainer.Core.Tests;

/// <summary>The folder of the sources.</summary>
internal static class Repository
{
    /// <summary>The folder with Trainer.sln, above the tests' output.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Trainer.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests don't run from inside the repository.");
    }
}
