using Trainer.Core.Evaluation;
using Trainer.Core.Export.Proof;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Export.Cards;

/// <summary>What a model card tells; all of it comes from the run.</summary>
/// <param name="Subject">What the gate accepts, for people.</param>
/// <param name="Run">What the run was begun with.</param>
/// <param name="Gate">Threshold, centroid, and for a closed-form gate the cosines of its photos by heads without them.</param>
/// <param name="Test">What the trained gate does on the run's test part; empty where that couldn't be measured.</param>
/// <param name="Files">Each exported file's name, and its proof.</param>
/// <param name="LeftOut">Pictures that couldn't be read.</param>
internal sealed record CardFacts(
    string Subject, RunRecord Run, Checkpoint Gate, IReadOnlyList<SetResult> Test, IReadOnlyList<KeyValuePair<string, ParityResult>> Files, int LeftOut)
{
    /// <summary>True where every photo of the subject made the gate, and each was judged by a head without it.</summary>
    public bool IsClosedForm => Gate.HeldOut.Count > 0;

    /// <summary>Kinds of look-alikes that the gate was made with, whether or not they were tested.</summary>
    public IEnumerable<string> KnownLookAlikes => Run.Options.Negative.Keys;

    /// <summary>Known kinds with no photo in the test.</summary>
    public IEnumerable<string> UntestedLookAlikes => KnownLookAlikes.Except(Test.Select(set => set.Name));
}
