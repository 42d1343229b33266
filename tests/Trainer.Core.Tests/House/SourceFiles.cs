namespace Trainer.Core.Tests.House;

/// <summary>The source files of the program.</summary>
internal static class SourceFiles
{
    public static readonly string Root = Path.Combine(Repository.Root, "src");

    public static readonly string Library = Path.Combine(Root, "Trainer.Core");

    /// <summary>Every .cs file that isn't generated.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. Directory.GetFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")),
    ];
}
