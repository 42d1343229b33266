using System.Text.RegularExpressions;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Xunit;

namespace Trainer.Core.Tests.Training;

/// <summary>A small run from its first step to its last, to compare resumed ones with.</summary>
public sealed partial class UnbrokenRun : IDisposable
{
    public UnbrokenRun()
        : this((options, _) => options with { Gate = GateKind.Centroid }) // it takes a moment
    {
    }

    internal UnbrokenRun(Func<TrainingOptions, TemporaryFolder, TrainingOptions> change)
    {
        var options = new TrainingOptions
        {
            Normal = DrawnPictures.Normals(Folder, "normal", 12),
            Coco = DrawnPictures.Negatives(Folder, "coco", 12),
            Out = Path.Combine(Folder.Root, "run"),
            Epochs = 2,
            Batch = 8,
            SaveInterval = 1,
            CheckpointEvery = "1",
            Weights = StartWeights.None,
            Device = "cpu",
            Threads = 2,
        };
        Options = change(options, Folder);
        Folder.Write("normal/broken.jpg", DrawnPictures.HalfAJpeg(0));
        _ = new TrainingLoop(TrainingPlan.Make(Options, Events.Add), Events.Add).Run();
        Directory.Move(Options.Out, Kept); // other runs use the same path, because it is stored in the files
    }

    public TemporaryFolder Folder { get; } = new();

    public TrainingOptions Options { get; }

    public List<TrainingEvent> Events { get; } = [];

    private string Kept => Path.Combine(Folder.Root, "unbroken");

    /// <summary>Checks that every file exists with the same content, except for the times in metrics.jsonl.</summary>
    public void AssertSame(string folder)
    {
        Assert.Equal(Names(Kept), Names(folder));
        foreach (var name in Names(Kept))
        {
            Assert.True(Content(Kept, name).AsSpan().SequenceEqual(Content(folder, name)), name);
        }
    }

    /// <summary>Copies the whole run to the path of the others.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        Array.ForEach(Names(Kept), name => File.Copy(Path.Combine(Kept, name!), Path.Combine(folder, name!)));
    }

    public void Dispose() => Folder.Dispose();

    private static string?[] Names(string folder) => [.. Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private static byte[] Content(string folder, string? name)
    {
        var path = Path.Combine(folder, name ?? "");
        return name == "metrics.jsonl" ? System.Text.Encoding.UTF8.GetBytes(Times().Replace(File.ReadAllText(path), ""))
            : File.ReadAllBytes(path);
    }

    [GeneratedRegex(@"""(imagesPerSecond|seconds)"":[^,}]*")]
    private static partial Regex Times();
}
