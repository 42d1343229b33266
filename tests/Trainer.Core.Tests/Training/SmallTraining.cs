using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;

namespace Trainer.Core.Tests.Training;

/// <summary>A training of a few seconds on drawn pictures in its own folder, with its events.</summary>
internal sealed class SmallTraining : IDisposable
{
    private readonly List<TrainingEvent> events = [];

    public TemporaryFolder Folder { get; } = new();

    /// <summary>The events so far.</summary>
    public IReadOnlyList<TrainingEvent> Events => events;

    public TrainingOptions Options(int epochs) => new()
    {
        Normal = DrawnPictures.Normals(Folder, "normal", 12),
        Coco = DrawnPictures.Negatives(Folder, "coco", 12),
        Out = Path.Combine(Folder.Root, "run"),
        Gate = GateKind.Centroid,
        Epochs = epochs,
        Lr = 1e-3,
        Batch = 8,
        Weights = StartWeights.None,
        Device = "cpu",
        Threads = 2,
    };

    public RunFolder Train(TrainingOptions options)
    {
        _ = new TrainingLoop(TrainingPlan.Make(options, events.Add), events.Add).Run();
        return new RunFolder(options.Out);
    }

    public void Dispose() => Folder.Dispose();
}
