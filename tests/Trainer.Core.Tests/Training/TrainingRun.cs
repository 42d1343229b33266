using System.Diagnostics;
using Trainer.Core.Batching;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;

namespace Trainer.Core.Tests.Training;

/// <summary>One run of twenty steps on simple pictures, some of them broken, with all its events.</summary>
public sealed class TrainingRun : IDisposable
{
    public TrainingRun()
    {
        Broken = [.. Enumerable.Range(0, 4).Select(i => Folder.Write($"normal/broken {i}.jpg", DrawnPictures.HalfAJpeg(i)))];
        Options = new TrainingOptions
        {
            Normal = DrawnPictures.Normals(Folder, "normal", 28),
            Coco = DrawnPictures.Negatives(Folder, "coco", 22),
            Out = Path.Combine(Folder.Root, "run"),
            Gate = GateKind.Centroid,
            Epochs = 5,
            Lr = 1e-3,
            Batch = 8,
            SaveInterval = 2,
            Weights = StartWeights.None,
            Device = "cpu",
            Threads = 2,
        };
        Data = TrainingData.Scan(Options, new CachedReader(), threads: 2, new SkippedFiles(), _ => { });
        Done = new TrainingLoop(TrainingPlan.Make(Options, Remember), Remember).Run();
    }

    public TemporaryFolder Folder { get; } = new();

    public TrainingOptions Options { get; }

    public TrainingData Data { get; }

    /// <summary>Paths of the broken pictures, wherever the split put them.</summary>
    public IReadOnlyList<string> Broken { get; }

    public List<TrainingEvent> Events { get; } = [];

    /// <summary>Bytes that the process held after each step.</summary>
    public List<long> WorkingSets { get; } = [];

    public RunDone Done { get; }

    public RunFolder Run => new(Options.Out);

    public void Dispose() => Folder.Dispose();

    private void Remember(TrainingEvent happened)
    {
        Events.Add(happened);
        if (happened is StepDone)
        {
            using var own = Process.GetCurrentProcess();
            WorkingSets.Add(own.WorkingSet64);
        }
    }
}
