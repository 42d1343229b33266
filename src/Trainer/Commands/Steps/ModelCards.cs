using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Export.Cards;
using Trainer.Core.Runs;
using Trainer.Terminal;

namespace Trainer.Commands.Steps;

/// <summary>The model card that every export leaves.</summary>
internal static class ModelCards
{
    /// <summary>What the trained gate does on the run's test part, as cards tell it; empty where its photos are gone.</summary>
    public static IReadOnlyList<SetResult> Measure(RunFolder run, TrainedGate gate, int threads)
    {
        var sets = CardFile.TestSets(run, Screen.Note);
        return Screen.Progress(
            "measuring", sets.Sum(set => set.Images.Count), silent: false, done => new Evaluator(gate, new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, threads, new SkippedFiles())).Evaluate(sets, done));
    }

    /// <summary>Shows where the card is.</summary>
    public static void Say(string card) => Screen.Line($"[bold]{Screen.Escape(card)}[/]: what an app's developer should know");
}
