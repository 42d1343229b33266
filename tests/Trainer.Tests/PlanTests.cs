using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Trainer.Core.Samples;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>
/// The announced, saved and executed plans are the same, even if the start weights change the recipe or ImageNet's weights aren't
/// available.
/// </summary>
[Collection(Apart.Name)]
public sealed partial class PlanTests : IDisposable
{
    // An address without a listener.
    private static readonly (string Name, string Value) Offline = ("TRAINER_WEIGHTS_MIRROR", "http://127.0.0.1:9/");

    private readonly TemporaryFolder folder = new();

    public PlanTests() =>
        SamplePictures.Write(folder.PathOf("pictures"), new SampleCounts { Normals = 4, Negatives = 4, Hard = 0 }, seed: 1);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WithoutNetworkTheBuiltInStartWeightsServe()
    {
        var trained = TrainerProcess.Run(
            folder.Root, ["train", "--normal", "pictures/normal", "--coco", "pictures/coco", "--no-cache", "--force", "--epochs", "0",
            "--no-report", "--json"], Offline);

        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        var (first, saved) =
            (JsonNode.Parse(trained.Lines[0])!, JsonNode.Parse(File.ReadAllText(folder.PathOf("runs/normal/options.json")))!);
        Assert.Equal("notice", (string)first["event"]!); // the reason why they aren't ImageNet's comes before the consequences
        Assert.Equal("builtin", (string)saved["startWeights"]!);
    }

    [Fact]
    public void FromRandomWeightsAllAgreeOnTheRecipe()
    {
        var trainer = TrainerProcess.Start(
            folder.Root, ["train", "--normal", "pictures/normal", "--coco", "pictures/coco", "--weights", "none", "--no-cache", "--force",
            "--json"]);
        using var process = Process.Start(trainer)!; // not a document: there is a process
        // the first of four
        var lines = ReadUntil(process.StandardOutput, line => line.Contains("\"event\":\"validation\"", StringComparison.Ordinal));
        process.Kill();
        Assert.Equal("", process.StandardError.ReadToEnd());

        var events = lines.Select(line => JsonNode.Parse(line)!).ToLookup(told => (string)told["event"]!);
        var (announced, saved) =
            (Assert.Single(events["options"]), JsonNode.Parse(File.ReadAllText(folder.PathOf("runs/normal/options.json")))!);
        Assert.Equal((40, 32, 10),
            ((int)announced["options"]!["epochs"]!, (int)announced["options"]!["batch"]!, (int)announced["options"]!["saveInterval"]!));
        Assert.True(JsonNode.DeepEquals(announced["options"], saved["options"]));
        Assert.Equal(("none", "none"), ((string)announced["startWeights"]!, (string)saved["startWeights"]!));
        Assert.Equal(Enumerable.Range(0, 10), events["epoch"].Select(epoch => (int)epoch["epoch"]!));
        Assert.All(events["epoch"], epoch => Assert.Equal(40, (int)epoch["epochs"]!));
        Assert.Equal(9, (int)Assert.Single(events["validation"])["epoch"]!);
        var stepsAnEpoch = events["step"].Count() / 10;
        Assert.Equal((40 * stepsAnEpoch) - 1, (int)events["step"].First()["stepsLeft"]!);
    }

    [Fact]
    public void LiveLineCountsToTheEpochsThatAreRun()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "Needs a terminal: script of util-linux makes one.");
        var trainer = TrainerProcess.Start(folder.Root, []);
        trainer.Environment["TERM"] = "xterm";
        Array.ForEach(
            ["-qefc",
                $"stty cols 120; exec '{trainer.FileName}' train --normal pictures/normal --coco pictures/coco --weights none --no-cache "
                + "--force", "/dev/null"], trainer.ArgumentList.Add);
        trainer.FileName = "/usr/bin/script";

        using var process = Process.Start(trainer)!; // not a document: there is a process
        var shown = ReadUntil(process.StandardOutput, line => LiveEpoch().IsMatch(line));
        process.Kill(entireProcessTree: true);

        Assert.Contains(shown, line => line.Contains("40 epochs, batch 32", StringComparison.Ordinal));
        Assert.Equal("1/40", LiveEpoch().Match(shown[^1]).Groups[1].Value);
    }

    private static List<string> ReadUntil(StreamReader output, Func<string, bool> isLast)
    {
        var lines = new List<string>();
        while (output.ReadLine() is { } line) // a carriage return ends one, too
        {
            lines.Add(line);
            if (isLast(line))
            {
                return lines;
            }
        }

        throw new InvalidOperationException($"It ended early:\n{string.Join('\n', lines)}");
    }

    [GeneratedRegex(@"%  epoch (\d+/\d+)  ")]
    private static partial Regex LiveEpoch();
}
