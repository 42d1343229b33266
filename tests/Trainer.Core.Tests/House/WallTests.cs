using Xunit;

namespace Trainer.Core.Tests.House;

/// <summary>Checks the walls between the rooms by the references between types in the compiled library.</summary>
public sealed class WallTests
{
    private static readonly string Library = typeof(TrainerException).Assembly.Location;
    private static readonly IReadOnlyCollection<Arrow> All = Arrow.Of(Library);
    private static readonly IReadOnlyList<Arrow> Inside =
        [.. All.Where(arrow => arrow.To.FullName.StartsWith("Trainer.Core.", StringComparison.Ordinal))];

    [Fact]
    public void EveryFolderIsARoomOfTheList() => Assert.Equal(
        Rooms.All.Select(room => room.Name).Order(StringComparer.Ordinal),
        SourceFiles.All.Where(file => file.StartsWith(SourceFiles.Library + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        .Select(file => Path.GetRelativePath(SourceFiles.Library, file).Split(Path.DirectorySeparatorChar))
            .Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void NoArrowRunsUp() =>
        Assert.DoesNotContain(
        Inside, arrow => arrow is var (from, to) && Arrow.RoomOf(from) is { Length: > 0 } room && Arrow.RoomOf(to) is { Length: > 0 } other
        && room != other && Rooms.StoreyOf(room) < Rooms.StoreyOf(other));

    [Fact]
    public void PureRoomsKnowNoTensors() => Assert.DoesNotContain(All, arrow =>
        Rooms.WithoutTensors.Contains(Arrow.RoomOf(arrow.From)) && arrow.To.Scope.Name.StartsWith("TorchSharp", StringComparison.Ordinal));

    [Fact]
    public void TheLibraryKnowsNoConsole() => Assert.DoesNotContain(All, arrow =>
        arrow.To.FullName == "System.Console" || arrow.To.Scope.Name.StartsWith("Spectre", StringComparison.Ordinal)
            || arrow.To.Scope.Name.StartsWith("System.CommandLine", StringComparison.Ordinal));

    /// <summary>Only this class may decide about the pictures of an exported file.</summary>
    [Fact]
    public void OnlyTheRunnerOfOnnxFilesKnowsThePackage() => Assert.Equal(
        ["OnnxGate"],
        All.Where(arrow => arrow.To.Scope.Name.StartsWith("Trainer.Gate", StringComparison.Ordinal))
        .Select(arrow => (arrow.From.DeclaringType ?? arrow.From).Name).Distinct());

    /// <summary>A proof with the writers' own code would confirm their mistakes.</summary>
    [Fact]
    public void ProofsShareNoCodeWithTheWritersOfFiles()
    {
        string[] writers =
            ["Trainer.Core.Export.CoreMl", "Trainer.Core.Export.LiteRt", "Trainer.Core.Export.Onnx", "Trainer.Core.Export.Rounding",
            "Google."];
        var readers = All.Where(arrow => NamespaceOf(arrow.From).StartsWith("Trainer.Core.Export.Proof.", StringComparison.Ordinal))
            .ToArray();

        Assert.NotEmpty(readers);
        Assert.DoesNotContain(readers, arrow => writers.Any(writer => NamespaceOf(arrow.To).StartsWith(writer, StringComparison.Ordinal)));
    }

    /// <summary>docs/architecture.md shows which room uses which; with UPDATE_GOLDEN=1 in the environment it is written.</summary>
    [Fact]
    public void TheDocumentsTableIsWhatTheLibrarySays()
    {
        var path = Path.Combine(Repository.Root, "docs", "architecture.md");
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (begin, end) = ("<!-- written by WallTests -->\n", "<!-- until here -->\n");
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, StringComparison.Ordinal);

        var written = text[..from] + Table() + text[to..];

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, written);
            Assert.Skip($"{path} is written; review its diff.");
        }

        Assert.Equal(written, text);
    }

    private static string NamespaceOf(Mono.Cecil.TypeReference type) =>
        type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;

    private static string Table()
    {
        var on = Rooms.All.ToDictionary(
            room => room.Name,
            room => Inside.Where(arrow => Arrow.RoomOf(arrow.From) == room.Name).Select(arrow => Arrow.RoomOf(arrow.To))
            .Where(other => other.Length > 0 && other != room.Name).ToHashSet());
        var rows = Rooms.All.Select(
            room =>
            $"| {room.Name} | {room.What} | {(on[room.Name].Count == 0 ? "–" : string.Join(", ", on[room.Name].OrderBy(Rooms.StoreyOf)))} "
            + "|\n");

        // Leaves out arrows that a longer way through other rooms already implies.
        var drawn = Rooms.All.SelectMany(
            room => on[room.Name].Where(below => !on[room.Name].Any(between => Reaches(between, below))).OrderBy(Rooms.StoreyOf)
            .Select(below => $"  {room.Name} --> {below}\n"));
        return $"| room | what | stands on |\n|---|---|---|\n{string.Concat(rows)}\n```mermaid\nflowchart TD\n{string.Concat(drawn)}```\n";

        bool Reaches(string room, string below) => on[room].Contains(below) || on[room].Any(next => Reaches(next, below));
    }
}
