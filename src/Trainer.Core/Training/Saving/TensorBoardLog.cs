using TorchSharp;
using TorchSharp.Modules;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Training.Saving;

/// <summary>Writes a run's curves as event files for TensorBoard.</summary>
/// <param name="folder">The folder, created with the first event that has a figure. Existing files in it are kept.</param>
public sealed class TensorBoardLog(string folder)
{
    private readonly Lazy<SummaryWriter> writer = new(() =>
    {
        Directory.CreateDirectory(folder);
        return torch.utils.tensorboard.SummaryWriter(folder);
    });

    /// <summary>Adds the event's figures, plotted over the step, if it has any.</summary>
    /// <exception cref="TrainerException">The files can't be written.</exception>
    public void Add(TrainingEvent happened)
    {
        try
        {
            foreach (var (name, value, step) in Figures(happened).Where(figure => double.IsFinite(figure.Value)))
            {
                writer.Value.add_scalar(name, (float)value, step);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException(
                $"Can't write TensorBoard's files to '{folder}': {e.Message} The checkpoints written so far stand.", e);
        }
    }

    private static IEnumerable<(string Name, double Value, int Step)> Figures(TrainingEvent happened) => happened switch
    {
        StepDone step when step.Step % MetricsLog.StepsBetween == 0 =>
            [("train/loss", step.Loss, step.Step), ("train/learning rate", step.LearningRate, step.Step)],
        Validated validation =>
        [
            ("validation/AUROC", validation.Auroc, validation.Step),
            ("validation/FPR@95TPR", validation.FprAt95Tpr, validation.Step),
            ("validation/cosine of normals", validation.Normals.Mean, validation.Step),
            ("validation/cosine of negatives", validation.Negatives.Mean, validation.Step),
            ("validation/threshold", validation.Threshold, validation.Step),
        ],
        _ => [],
    };
}
