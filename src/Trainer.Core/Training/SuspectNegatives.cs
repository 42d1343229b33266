using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Inspection;
using Trainer.Core.Runs;
using Trainer.Core.Training.Planning;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>
/// Finds negatives that the finished gate accepts. Some of them may show the subject, and then they train the network wrongly.
/// </summary>
internal static class SuspectNegatives
{
    private const int MostPictures = 2000; // takes a few seconds after minutes of training; 'inspect --run' looks at all

    /// <summary>Reports the negatives that the best gate accepts, if there are any.</summary>
    public static void Tell(
        RunFolder folder, TrainingData data, BatchLoader loader, Device device, Action<TrainingEvent> tell, CancellationToken cancel)
    {
        IReadOnlyList<ImageEntry> all = [.. data.Negatives.Calibration, .. data.Negatives.Test, .. data.Negatives.Train];
        IReadOnlyList<ImageEntry> some = all.Count <= MostPictures ? all
            : [.. all.Where((_, i) => (long)i * MostPictures / all.Count != (long)(i - 1) * MostPictures / all.Count)];
        using var gate = TrainedGate.Load(folder.BestCheckpoint, device);
        var suspects = Suspects.Find(
            gate,
            loader,
            InspectionSet.Coco,
            SetRole.Negative,
            some,
            done => tell(new Working("looking for suspects", done, some.Count)),
            cancel);
        var accepted = suspects.Pictures.Where(suspect => suspect.Accepted).ToArray();
        if (accepted.Length > 0)
        {
            tell(new SuspectsFound(accepted));
        }
    }
}
