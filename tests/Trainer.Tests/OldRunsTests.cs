using System.IO.Compression;
using System.Text.Json.Nodes;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>Runs of earlier builds stay usable, whatever happened to their options: see OldRuns/README.md.</summary>
[Collection(Apart.Name)]
public sealed class OldRunsTests : IDisposable
{
    private const string Run = "run";
    private readonly TemporaryFolder folder = new();

    private static string Kept => Path.Combine(Repository.Root, "tests", "Trainer.Tests", "OldRuns");

    public void Dispose() => folder.Dispose();

    /// <param name="option">An option of the build, as the report shows it.</param>
    [Theory]
    [InlineData("64c1b6a", "<dt>--precision</dt><dd><bdi>full</bdi></dd>")] // removed since
    [InlineData("8084c3d", "<dt>--loss</dt><dd><bdi>arcface</bdi></dd>")]
    [InlineData("98d7ffa", "<dt>--loss</dt><dd><bdi>hsc</bdi></dd>")]
    public void EveryCommandReadsThem(string build, string option)
    {
        Unpack(build);
        var threshold = (float)Gate()["threshold"]!; // in every gate.json

        var evaluated = JsonNode.Parse(Succeeded("eval", "--run", Run, "--json").Output)!;
        var calibrated = Succeeded("calibrate", "--run", Run, "--accept", "0.9");
        // A gate of two epochs may have any figures; only reading it matters.
        Succeeded("export", "--run", Run, "--onnx", "--allow-drift", "2");
        Succeeded("report", Run);

        Assert.Equal(threshold, (float)evaluated["threshold"]!, 1e-6f);
        Assert.Equal(["normal", "coco"], evaluated["sets"]!.AsArray().Select(set => (string)set!["name"]!));
        Assert.Contains(FormattableString.Invariant($"before  accepted from a cosine of {threshold:f4} on."), calibrated.Output,
            StringComparison.Ordinal);
        Assert.Equal((1, 0.9), ((int)Gate()["format"]!, (double)Gate()["promisedAcceptRate"]!));
        Assert.NotNull(Gate()["exports"]!["model.onnx"]);
        Assert.Contains(option, File.ReadAllText(PathOf("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void RunWithAnOptionThatIsGoneIsNotGoneOnWith()
    {
        Unpack("64c1b6a");

        var resumed = Cli("train", "--resume", Run);

        Assert.Equal(1, resumed.ExitCode);
        Assert.Equal("error: The run in 'run' can't be resumed by this version of trainer: It was begun with options that no longer exist: "
            + "average, smallFirst, recolourNegatives, recolourNormals, precision. "
            + "Resume it with the version that began it (0.1.0), or start a new run from its weights: --weights run/last.ckpt --out "
            + "<folder>.\n", resumed.Error);
    }

    private void Unpack(string build)
    {
        Copy(Path.Combine(Kept, "pictures", "normal"), folder.PathOf("pictures/normal"));
        Copy(Path.Combine(Kept, "pictures", "coco"), folder.PathOf("pictures/coco"));
        Copy(Path.Combine(Kept, build), folder.PathOf(Run));
        using var packed = new BrotliStream(File.OpenRead(PathOf("best.ckpt.br")), CompressionMode.Decompress);
        using var checkpoint = File.Create(PathOf("best.ckpt"));
        packed.CopyTo(checkpoint);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private Outcome Succeeded(params string[] arguments)
    {
        var outcome = Cli(arguments);
        Assert.True(outcome.ExitCode == 0, $"trainer {string.Join(' ', arguments)}: {outcome.Error}");
        return outcome;
    }

    private Outcome Cli(params string[] arguments) => TrainerProcess.Run(folder.Root, arguments);

    private JsonNode Gate() => JsonNode.Parse(File.ReadAllText(PathOf("gate.json")))!;

    private string PathOf(string file) => folder.PathOf($"{Run}/{file}");
}
