using System.Diagnostics;
using System.Net;
using Xunit;

namespace Trainer.Tests;

public sealed class DemoCommandTests(TrainedRun run) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly HttpClient client = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
    private Process? demo;

    public void Dispose()
    {
        if (demo is { HasExited: false })
        {
            demo.Kill(entireProcessTree: true);
        }

        demo?.Dispose();
        client.Dispose();
    }

    [Theory]
    [InlineData("http://127.0.0.1:")]
    [InlineData("https://", "--lan")]
    public async Task ServesThePageAndNothingElseUntilInterrupted(string start, params string[] options)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(AppContext.BaseDirectory, "web")), "The camera page isn't built: scripts/web-test does it.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no Ctrl-C from one process to another on Windows.");

        var link = await Open(options);

        Assert.StartsWith(start, link.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(options.Length > 0, link.AbsolutePath.Length > 20);
        Assert.Contains("<title>", await client.GetStringAsync(link, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.InRange((await client.GetByteArrayAsync(new Uri(link, "gate.onnx"), TestContext.Current.CancellationToken)).Length,
            11_000_000, 12_500_000);
        await Refuses(new Uri(link, "nothing.js"));
        await Refuses(new Uri($"{link.AbsoluteUri}..%2f..%2fetc%2fpasswd"));
        await Refuses(new Uri($"{link.AbsoluteUri}%2e%2e/%2e%2e/etc/passwd"));
        if (options.Length > 0)
        {
            await Refuses(new Uri(link, "/"));
            await Refuses(new Uri(link, "/index.html"));
        }

        await Interrupt();
        Assert.Equal(0, demo!.ExitCode); // opened above
        Assert.Empty(Directory.GetDirectories(Temporary, "trainer-demo-*"));
    }

    [Fact]
    public async Task LeavesNothingWhenInterruptedBeforeItServes()
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(AppContext.BaseDirectory, "web")), "The camera page isn't built: scripts/web-test does it.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no Ctrl-C from one process to another on Windows.");

        demo = Start([]);
        while (Directory.GetDirectories(Temporary, "trainer-demo-*").Length == 0)
        {
            Assert.False(demo.HasExited);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await Interrupt();
        Assert.Equal(128 + RunningTrainer.Interrupt, demo.ExitCode);
        Assert.Empty(Directory.GetDirectories(Temporary, "trainer-demo-*"));
    }

    private string Temporary => Directory.CreateDirectory(Path.Combine(run.Work, "temporary")).FullName;

    private async Task Refuses(Uri address)
    {
        using var response = await client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    /// <summary>Starts the demo.</summary>
    /// <returns>The link that it prints.</returns>
    private async Task<Uri> Open(string[] options)
    {
        demo = Start(options);
        using var patience = new CancellationTokenSource(Longest);
        while (await demo.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("http", StringComparison.Ordinal))
            {
                return new Uri(line);
            }
        }

        var error = await demo.StandardError.ReadToEndAsync(patience.Token);
        Assert.SkipWhen(error.Contains("no local network", StringComparison.Ordinal), error);
        throw new InvalidOperationException(error);
    }

    private Process Start(string[] options)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "trainer"), ["demo", .. options])
        {
            WorkingDirectory = run.Work, // its newest run is used
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = Temporary;
        return Process.Start(start)!; // starts a new process
    }

    private async Task Interrupt()
    {
        using var signal = Process.Start("kill", [$"-{RunningTrainer.Interrupt}", $"{demo!.Id}"]); // opened above
        using var patience = new CancellationTokenSource(Longest);
        await demo.WaitForExitAsync(patience.Token);
    }
}
