using System.Globalization;
using Trainer.Core.Catalog;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;

namespace Trainer.Core.Training;

/// <summary>The errors for training that diverged. Nothing after that point is worth saving.</summary>
internal static class NonFiniteLoss
{
    private const int MostFiles = 40;

    /// <summary>The loss of a step is NaN or infinite.</summary>
    public static TrainerException Of(double loss, RunState state, IEnumerable<LabelledImage> pictures, TrainingOptions options)
    {
        var files = pictures.Select(image => image.Image.Path).ToArray();
        var more = files.Length > MostFiles ? $"\n  and {files.Length - MostFiles} more" : "";
        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"The loss is {(double.IsNaN(loss) ? "NaN" : "infinite")} at step {state.Step} (epoch {state.Epoch + 1}, step "
                + $"{state.StepInEpoch + 1} of it). {Advice(options)} Its pictures:\n  "
                + $"{string.Join("\n  ", files.Take(MostFiles))}{more}"));
    }

    /// <summary>The error for weights that are NaN or infinite although the loss was finite.</summary>
    public static TrainerException InWeights(RunState state, TrainingOptions options) =>
        new($"Some weights are NaN or infinite after step {state.Step}, so they aren't saved. {Advice(options)}");

    private static string Advice(TrainingOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"Training ran away; the checkpoints saved before stand, but going on from them would end here again. Start anew with a lower --lr "
            + $"(it is {options.Lr}), --features-lr ({options.FeaturesLr}) or --class-lr ({options.ClassLr}).");
}
