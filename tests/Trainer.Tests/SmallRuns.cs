using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Trainer.Core.Samples;
using Trainer.Core.Tests;
using Trainer.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(SmallRuns))]

namespace Trainer.Tests;

/// <summary>Runs of a few seconds, started like a user's, which tests kill and stop; and the unbroken run to compare them with.</summary>
/// <remarks>Shared by all tests, which run one after the other and each begin with <see cref="Clear"/>.</remarks>
public sealed partial class SmallRuns : IDisposable
{
    public const string NoReport = "--no-report"; // takes as long as the run
    private const string Out = "out";
    private const string Unbroken = "unbroken";

    public static readonly string[] Options =
    [
        "train", "--normal", "pictures/normal", "--coco", "pictures/coco", "--out", Out, "--weights", "none", "--device", "cpu",
        "--threads", "1",
        "--epochs", "2", "--batch", "4", "--save-interval", "1", "--checkpoint-every", "2", NoReport,
    ];

    private readonly TemporaryFolder folder = new();
    private TimeSpan? duration;

    /// <summary>Duration of the unbroken run.</summary>
    public TimeSpan Duration => duration ??= RunUnbroken();

    /// <summary>The folder of all runs.</summary>
    public string Run => PathOf(Out);

    /// <summary>Clears the folder for the next test's runs.</summary>
    public void Clear()
    {
        if (Directory.Exists(Run))
        {
            Directory.Delete(Run, recursive: true);
        }
    }

    /// <summary>Copies the unbroken run into the folder.</summary>
    public void Finish()
    {
        _ = Duration;
        Clear();
        Directory.CreateDirectory(Run);
        Array.ForEach(Names(Unbroken), name => File.Copy(PathOf($"{Unbroken}/{name}"), PathOf($"{Out}/{name}")));
    }

    /// <summary>Starts the run, or resumes it if there is something to resume.</summary>
    public RunningTrainer Begin()
    {
        _ = Duration; // the unbroken run used the same path before
        return File.Exists(PathOf($"{Out}/options.json")) ? Start("train", "--resume", Out, NoReport) : Start(Options);
    }

    public RunningTrainer Start(params string[] arguments) => new(folder.Root, arguments);

    /// <summary>
    /// The difference from the unbroken run; null if all bytes are the same, except for times. Clears the folder for the next run.
    /// </summary>
    public string? Difference()
    {
        var (expected, actual) = (Names(Unbroken), Names(Out));
        var difference = expected.SequenceEqual(actual)
            ? expected.Where(name => !Content(Unbroken, name).AsSpan().SequenceEqual(Content(Out, name))).Select(name => $"{name} differs")
                .FirstOrDefault()
            : $"the files are {string.Join(", ", actual)}";
        Clear();
        return difference;
    }

    public void Dispose() => folder.Dispose();

    private TimeSpan RunUnbroken()
    {
        SamplePictures.Write(PathOf("pictures"), new SampleCounts { Normals = 12, Negatives = 12, Hard = 0 }, seed: 1);
        var clock = Stopwatch.StartNew();
        var outcome = Start(Options).WaitForEnd();
        var taken = clock.Elapsed;
        if (outcome.ExitCode != 0)
        {
            throw new InvalidOperationException(outcome.Error);
        }

        Directory.Move(Run, PathOf(Unbroken)); // all runs use the same path, because it is stored in the files
        return taken;
    }

    private string PathOf(string name) => Path.Combine(folder.Root, name);

    private string[] Names(string run) =>
        [.. Directory.GetFiles(PathOf(run)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private byte[] Content(string run, string name)
    {
        var path = PathOf($"{run}/{name}");
        return name switch
        {
            "metrics.jsonl" => Encoding.UTF8.GetBytes(Times().Replace(File.ReadAllText(path), "")),
            _ => File.ReadAllBytes(path),
        };
    }

    [GeneratedRegex(@"""(imagesPerSecond|seconds)"":[^,}]*")]
    private static partial Regex Times();
}

/// <summary>A running program that tests send signals to.</summary>
public sealed partial class RunningTrainer
{
    /// <summary>SIGINT, or SIGTERM if the tests' parent makes them ignore SIGINT, as shells do for background jobs.</summary>
    public static readonly int Interrupt = IgnoresInterrupt() ? Terminate : 2;

    public const int Kill = 9;
    public const int Terminate = 15;

    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private static bool IgnoresInterrupt() => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (Convert.ToUInt64(ignored[7..].Trim(), 16) & 2) != 0;

    public RunningTrainer(string folder, IEnumerable<string> arguments)
    {
        process = Process.Start(TrainerProcess.Start(folder, arguments))!; // not a document: there is a process
        process.StandardInput.Close();
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Sends a signal after a while, unless the program has ended by then.</summary>
    /// <returns>False if it had ended.</returns>
    public bool SignalAfter(TimeSpan time, int signal) => !process.WaitForExit(time) && SendSignal(process.Id, signal) == 0;

    public Outcome WaitForEnd()
    {
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill();
            throw new TimeoutException($"trainer hangs. So far:\n{output.Result}{error.Result}");
        }

        return new Outcome(process.ExitCode, output.Result, error.Result);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
