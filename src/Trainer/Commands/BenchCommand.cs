using System.CommandLine;
using System.Text.Json;
using Trainer.Commands.Options;
using Trainer.Core;
using Trainer.Core.Benchmarks;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Samples;
using Trainer.Terminal;
using Trainer.Terminal.Results;

namespace Trainer.Commands;

/// <summary>trainer bench: measures the speed of this machine.</summary>
internal static class BenchCommand
{
    private const int GeneratedPictures = 24;
    private const ulong PictureSeed = 1;

    public static Command Create()
    {
        var pictures = CommonOptions.Folder("--pictures", "Folder of photos to measure with. Default: drawn pictures, JPEG of 640x480.");
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often everything is measured; the median is shown.",
            HelpName = "N",
            DefaultValueFactory = _ => 7
        };
        var seconds = new Option<double>(
            "--seconds")
        { Description = "Time for one measurement.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var batch = new Option<int>("--batch") { Description = "Pictures per step.", HelpName = "N", DefaultValueFactory = _ => 32 };
        var edge = new Option<int>(
            "--size")
        {
            Description = "Edge of the network's input in pixels.",
            HelpName = string.Join('|', Preprocessing.Edges),
            DefaultValueFactory = _ => Preprocessing.Default.Edge
        };
        var json = CommonOptions.Json("one JSON object");
        var threads = CommonOptions.Threads();
        var command = new Command(
            "bench",
            "Measures this machine: decoding, augmentation, training step, the whole training loop, evaluation, the exported model.\n"
            + "Example: trainer bench --threads 2 --json")
        {
            pictures, rounds, seconds, batch, edge, json, threads,
        };
        command.SetAction(result =>
        {
            var used = CommonOptions.Resolve(result.GetValue(threads));
            var times = Positive("rounds", result.GetValue(rounds));
            var slice = TimeSpan.FromSeconds(Positive("seconds", result.GetValue(seconds)));
            var inStep = Positive("batch", result.GetValue(batch));
            var preprocessing = OfEdge(result.GetValue(edge));
            var measured = result.GetValue(pictures) is { } folder
                ? Measure(folder, preprocessing, used, inStep, times, slice, result.GetValue(json))
                : OnDrawn(drawn => Measure(drawn, preprocessing, used, inStep, times, slice, result.GetValue(json)));
            if (result.GetValue(json))
            {
                Console.WriteLine(
                    JsonSerializer.Serialize(
                    new { Threads = used, Batch = inStep, Size = preprocessing.Edge, Rounds = times, Results = measured }, Json.Line));
            }
            else
            {
                BenchmarkTable.Print(measured, used, inStep, preprocessing.Edge);
            }
        });
        return command;
    }

    private static IReadOnlyList<BenchmarkResult> Measure(
        string folder, Preprocessing preprocessing, int threads, int batch, int rounds, TimeSpan slice, bool quiet) => Screen.Progress(
        "Measuring", 100, quiet, done =>
        new GateBenchmarks(TorchRuntime.Prepare("cpu", threads, Screen.Note), preprocessing, threads, batch)
        .Run(ImageFolder.Scan(folder).Images, rounds, slice, share => done((int)(100 * share))));

    private static T OnDrawn<T>(Func<string, T> measure)
    {
        var folder = Directory.CreateTempSubdirectory("trainer-bench-").FullName;
        try
        {
            Parallel.For(0, GeneratedPictures, i => File.WriteAllBytes(
                Path.Combine(folder, $"{i:00}.jpg"),
                SamplePictures.DrawLarge(i % 2 == 0 ? SampleKind.Normal : SampleKind.Negative, i / 2, PictureSeed)));
            return measure(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Preprocessing OfEdge(int edge) => Preprocessing.Edges.Contains(edge)
        ? new(edge)
        : throw new TrainerException($"--size is {edge}; it must be one of {string.Join(", ", Preprocessing.Edges)}.");

    private static T Positive<T>(string name, T value)
        where T : System.Numerics.INumber<T> =>
        value > T.Zero ? value : throw new TrainerException($"--{name} is {value}; it must be above 0.");
}
