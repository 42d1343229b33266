using System.Diagnostics;
using System.Text.Json;
using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>Tests the camera page that 'trainer export --web' writes in a browser: web/test/run.mjs.</summary>
public sealed class WebPageTests(TrainedRun run)
{
    private const string Site = "site";
    private const string Strict = "runs/strict";
    private const int PhotosOfAKind = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    [Fact]
    public void DecidesInTheBrowserAsHere()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(AppContext.BaseDirectory, "web")), "The camera page isn't built: scripts/web-test does it.");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Repository.Root, "web", "node_modules")),
            "playwright-core isn't installed: scripts/web-test does it.");
        var browser = Browsers.FirstOrDefault(File.Exists);
        Assert.SkipWhen(browser is null, "There is no Chromium here: scripts/web-test installs it where it can.");

        run.CopyTo(Path.Combine(run.Work, Strict));
        Assert.Equal(0, run.Run("calibrate", "--run", Strict, "--accept", "0.5", "--threads", "2").ExitCode); // so that some are rejected
        var exported = run.Run("export", "--run", Strict, "--web", Site, "--threads", "2");
        Assert.True(exported.ExitCode == 0, exported.Error);
        var pictures = Path.Combine(run.Work, "pictures.jsonl");
        File.WriteAllLines(pictures, Judged());

        // not skipped
        var (exitCode, said) =
            Node("--site", Path.Combine(run.Work, Site), "--pictures", pictures, "--chromium", browser!, "--frames", "60");

        Assert.True(exitCode == 0, said);
        TestContext.Current.SendDiagnosticMessage("{0}", said);
    }

    /// <summary>The exported model's results for the run's pictures, one line each.</summary>
    private IEnumerable<string> Judged()
    {
        using var gate = OnnxGate.Open(Path.Combine(run.Work, Site, "gate.onnx"), threads: 1);
        var files = Directory.GetDirectories(Path.Combine(run.Work, "pictures"))
            .SelectMany(kind => Directory.GetFiles(kind).Order().Take(PhotosOfAKind));
        foreach (var file in PictureStream.Decode(files, shorterSide: 256, workers: 1))
        {
            var (similarity, accepted, _) = gate.Judge(file.Picture!); // drawn a moment ago
            yield return JsonSerializer.Serialize(new { file = file.Path, similarity, accepted });
        }
    }

    private static (int ExitCode, string Said) Node(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("node", ["test/run.mjs", .. arguments])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "web"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!; // starts a new process
        var error = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEndAsync();
        if (!node.WaitForExit(Longest))
        {
            node.Kill(entireProcessTree: true);
        }

        node.WaitForExit();
        return (node.ExitCode, output.Result + error.Result);
    }
}
