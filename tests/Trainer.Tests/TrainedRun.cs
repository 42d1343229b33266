using Trainer.Core.Platform;
using Trainer.Core.Samples;
using Trainer.Core.Tests;
using Trainer.Tests;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(TrainedRun))]
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)] // except for those in Apart
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]

namespace Trainer.Tests;

/// <summary>A few drawn pictures and one run on them by the command line, which most tests use.</summary>
/// <remarks>The folder's name has spaces and non-ASCII letters, like those of users.</remarks>
public sealed class TrainedRun : IDisposable
{
    public const string Out = "runs/normal";

    private static readonly SampleCounts Counts = new() { Normals = 30, Negatives = 36, Hard = 8 };

    private readonly TemporaryFolder folder = new();
    private readonly Lazy<Outcome> again;
    private readonly Lazy<Outcome> exported;

    public TrainedRun()
    {
        Environment.SetEnvironmentVariable(UserCache.Variable, folder.PathOf("cache")); // the processes inherit this
        Work = folder.PathOf("Fotos vom Reis 水稻 ü/work");
        Other = folder.PathOf("again/work");
        SamplePictures.Write(Path.Combine(Work, "pictures"), Counts, seed: 1);
        StartWeights.Write(Path.Combine(Work, "start.safetensors"), Path.Combine(Work, "pictures", "normal"));
        // Torture makes its own runs.
        Trained = Environment.GetEnvironmentVariable("TORTURE_REPORT") is null ? TrainerProcess.Run(Work, Arguments) : new(0, "", "");
        again = new(TrainAgain);
        exported = new(() => TrainerProcess.Run(Work, "export", "--run", Out, "--onnx", "--threads", "2"));
    }

    /// <summary>The working folder of every command: pictures/normal, pictures/coco, pictures/hard, runs/normal.</summary>
    public string Work { get; }

    /// <summary>The outcome of trainer train.</summary>
    public Outcome Trained { get; }

    /// <summary>Another folder with the same pictures, filled by <see cref="TrainedAgain"/>.</summary>
    public string Other { get; }

    /// <summary>The same run on the same pictures in <see cref="Other"/>, with output as JSON.</summary>
    public Outcome TrainedAgain => again.Value;

    /// <summary>The outcome of trainer export, which writes runs/normal/model.onnx.</summary>
    public Outcome Exported => exported.Value;

    private static string[] Arguments =>
    [
        "train", "--config", Path.Combine(Repository.Root, "configs", "smoke.json"), "--normal", "pictures/normal", "--coco",
        "pictures/coco",
        "--weights", "start.safetensors", "--weights-input", "unit", "--lr", "1e-4", "--accept", "0.8", "--seed", "3", "--threads", "2",
        "--device", "cpu",
    ];

    /// <summary>A path in the run's folder.</summary>
    public string PathOf(string file) => Path.Combine(Work, Out, file);

    /// <summary>Copies the run without its exports, so that a test can change the copy.</summary>
    public void CopyTo(string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(PathOf("")).Where(file => !file.EndsWith(".onnx", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }
    }

    /// <summary>Runs the program in <see cref="Work"/>.</summary>
    public Outcome Run(params IEnumerable<string> arguments) => TrainerProcess.Run(Work, arguments);

    public void Dispose() => folder.Dispose();

    private Outcome TrainAgain()
    {
        SamplePictures.Write(Path.Combine(Other, "pictures"), Counts, seed: 1);
        File.Copy(Path.Combine(Work, "start.safetensors"), Path.Combine(Other, "start.safetensors"));
        return TrainerProcess.Run(Other, [.. Arguments, "--json", "--tensorboard"]);
    }
}
