using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Export.Cards;
using Trainer.Core.Runs;
using Trainer.Terminal;

namespace Trainer.Commands.Steps;

/// <summary>The model card that every export writes.</summary>
internal static class ModelCards
{
    /// <summary>The trained gate's figures on the run's test part, for the card; empty if the photos no longer exist.</summary>
    public static IReadOnlyList<SetResult> Measure(RunFolder run, TrainedGate gate, int threads)
    {
        var sets = CardFile.TestSets(run, Screen.Note);
        return Screen.Progress(
            "measuring", sets.Sum(set => set.Images.Count), silent: false, done =>
            new Evaluator(gate, new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, threads, new SkippedFiles()))
            .Evaluate(sets, done));
    }

    /// <summary>Prints the path of the card.</summary>
    public static void Say(string card) => Screen.Line($"[bold]{Screen.Escape(card)}[/]: what an app's developer should know");
}
