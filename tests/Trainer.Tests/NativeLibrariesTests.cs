using System.Text.Json;
using Trainer.Core.Tests;
using Trainer.Core.Tests.Training;
using Xunit;

namespace Trainer.Tests;

/// <summary>libtorch, libvips and ONNX Runtime print nothing and leave no files behind, wherever trainer runs.</summary>
[Collection(Apart.Name)]
public sealed class NativeLibrariesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // a home that nobody can write to
    public void NothingIsSaidAndNothingIsWrittenOutsideTheRunAndTheCache(bool hasHome)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The folders are Linux's.");
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Temporary);
        Directory.CreateDirectory(Work);
        var (normal, coco) = (DrawnPictures.Normals(folder, "normal", 12), DrawnPictures.Negatives(folder, "coco", 12));

        AssertJsonAlone(Start(
            hasHome, "train", "--normal", normal, "--coco", coco, "--weights", "builtin", "--epochs", hasHome ? "1" : "0", "--out", Trained,
            "--threads", "2", "--json"), 0);
        AssertJsonAlone(Start(hasHome, "eval", "--run", Trained, "--report", "--threads", "2", "--json"), 0);
        AssertPaths(Start(hasHome, "export", "--run", Trained, "--onnx", "--coreml", "--precision", "fp32", "--threads", "2"));
        // Exit code 3, because not all were accepted.
        AssertJsonAlone(Start(hasHome, "predict", "--model", Path.Combine(Trained, "model.onnx"), coco, "--threads", "2", "--json"),
            0, 3);

        Assert.All(Entries(Home), entry => Assert.True(
            entry.StartsWith(Cache, StringComparison.Ordinal) || Cache.StartsWith(entry, StringComparison.Ordinal), entry));
        Assert.Equal(hasHome, Directory.Exists(Cache));
        Assert.Empty(Entries(Temporary));
        Assert.Empty(Entries(Work));
    }

    private string Home => folder.PathOf("home");

    private string Cache => Path.Combine(Home, ".local", "share", "trainer");

    private string Work => folder.PathOf("work");

    private string Temporary => folder.PathOf("temporary");

    private string Trained => folder.PathOf("trained");

    private Outcome Start(bool hasHome, params IEnumerable<string> arguments) => TrainerProcess.Run(Work, arguments, environment =>
    {
        foreach (var name in environment.Keys.Where(
            name => name.StartsWith("XDG_", StringComparison.Ordinal) || name == Core.Platform.UserCache.Variable).ToArray())
        {
            environment.Remove(name);
        }

        environment["HOME"] = hasHome ? Home : "/dev/null/home";
        environment["TMPDIR"] = Temporary;
    });

    private static string[] Entries(string folder) =>
        [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static void AssertJsonAlone(Outcome outcome, params int[] exitCodes)
    {
        Assert.Equal("", outcome.Error);
        Assert.Contains(outcome.ExitCode, exitCodes);
        Assert.NotEmpty(outcome.Lines);
        Assert.All(outcome.Lines, line => JsonDocument.Parse(line).Dispose());
    }

    /// <summary>The table of proofs, and the files' names.</summary>
    private static void AssertPaths(Outcome outcome)
    {
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(
            @"\Aformat [^\n]*\nonnx fp32 [^\n]*\nmlpackage fp32 [^\n]*\nAgainst the checkpoint[^\n]*\n[^\n]*model\.onnx\n[^\n]*model\.fp32\.mlpackage\n[^\n]*model-card\.md: [^\n]*\n\z", outcome.Output);
    }
}
