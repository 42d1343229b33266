using System.Text.RegularExpressions;
using Xunit;

namespace Trainer.Core.Tests;

/// <summary>The walls between the rooms: which folder's files may name which of our namespaces.</summary>
public sealed partial class LayeringTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Catalog"] = [],
        ["Imaging"] = [],
        ["Kernels"] = [],
        ["Networks"] = ["Kernels"],
        ["Losses"] = [],
        ["Metrics"] = [],
        ["Platform"] = [],
        ["Weights"] = [],
        ["Samples"] = ["Imaging"],
        ["Batching"] = ["Catalog", "Imaging"],
        ["Gates"] = ["Metrics"],
        ["Validation"] = ["Batching", "Catalog", "Gates", "Imaging", "Metrics", "Networks"],
        ["Inspection"] = ["Batching", "Catalog", "Imaging", "Metrics", "Validation"],
        ["Runs"] = ["Batching", "Catalog", "Gates", "Imaging", "Metrics", "Networks", "Platform", "Validation", "Weights"],
        ["Training"] = ["Batching", "Catalog", "Gates", "Imaging", "Inspection", "Losses", "Metrics", "Networks", "Platform", "Runs", "Validation", "Weights"],
        ["Reporting"] = ["Batching", "Catalog", "Gates", "Imaging", "Inspection", "Metrics", "Networks", "Runs", "Validation"],
        ["Export"] = ["Batching", "Catalog", "Gates", "Imaging", "Metrics", "Networks", "Platform", "Runs", "Validation", "Weights"],
        ["Scoring"] = ["Batching", "Catalog", "Export", "Gates", "Imaging", "Runs", "Validation"],
        ["Benchmarks"] = ["Batching", "Catalog", "Export", "Gates", "Imaging", "Losses", "Networks", "Runs", "Training", "Validation"],
    };

    /// <summary>Rooms that are pure .NET: spans in, numbers out.</summary>
    private static readonly string[] WithoutTensors = ["Catalog", "Imaging", "Kernels", "Metrics", "Samples"];

    private static string Core => Path.Combine(Repository.Root, "src", "Trainer.Core");

    public static TheoryData<string> Rooms => [.. Directory.GetDirectories(Core).Select(d => Path.GetFileName(d)).Where(d => d is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void NoArrowRunsUp(string room)
    {
        var allowed = MayUse[room].Append(room).ToHashSet();

        var broken = Files(room).SelectMany(file => Namespaces().Matches(Code(file)).Select(m => (file, Used: m.Groups[1].Value)))
            .Where(use => !allowed.Contains(use.Used));

        Assert.Empty(broken);
    }

    /// <summary>So nothing else decides about the pictures of an exported file.</summary>
    [Fact]
    public void OnlyTheRunnerOfOnnxFilesKnowsThePackage() => Assert.Equal(
        ["OnnxGate.cs"],
        Directory.GetFiles(Core, "*.cs", SearchOption.AllDirectories).Where(IsSource).Where(file => Code(file).Contains("Trainer.Gates", StringComparison.Ordinal)).Select(Path.GetFileName));

    [Fact]
    public void PureRoomsKnowNoTensors() =>
        Assert.DoesNotContain(WithoutTensors.SelectMany(Files), file => Code(file).Contains("TorchSharp", StringComparison.Ordinal));

    [Fact]
    public void TheLibraryKnowsNoConsole() =>
        Assert.DoesNotContain(
            Directory.GetFiles(Core, "*.cs", SearchOption.AllDirectories).Where(IsSource),
            file => Regex.IsMatch(Code(file), @"\bConsole\.|Spectre|System\.CommandLine"));

    [Fact]
    public void NoFileHasMoreThan300LinesAndTheMedianIsUnder80()
    {
        var lengths = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(IsSource)
            .Select(file => File.ReadLines(file).Count()).Order().ToArray();

        Assert.InRange(lengths[^1], 1, 300);
        Assert.InRange(lengths[lengths.Length / 2], 1, 79);
    }

    private static IEnumerable<string> Files(string room) =>
        Directory.GetFiles(Path.Combine(Core, room), "*.cs", SearchOption.AllDirectories).Where(IsSource);

    private static bool IsSource(string file) =>
        !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    /// <summary>Without comments, which may speak of anything.</summary>
    private static string Code(string file) => Regex.Replace(File.ReadAllText(file), "//.*", "");

    [GeneratedRegex(@"Trainer\.Core\.([A-Z]\w+)")]
    private static partial Regex Namespaces();
}
