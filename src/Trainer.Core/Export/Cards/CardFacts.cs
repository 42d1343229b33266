using Trainer.Core.Evaluation;
using Trainer.Core.Export.Proof;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Export.Cards;

/// <summary>The facts in a model card, all taken from the run.</summary>
/// <param name="Subject">Name of the subject, for people.</param>
/// <param name="Run">What the run was begun with.</param>
/// <param name="Gate">
/// The threshold, the centroid and, for a closed-form gate, the cosines of its photos from heads that were computed without them.
/// </param>
/// <param name="Test">The trained gate's figures on the run's test part; empty if they couldn't be measured.</param>
/// <param name="Files">Each exported file's name, and its proof.</param>
/// <param name="LeftOut">Number of pictures that couldn't be read.</param>
internal sealed record CardFacts(
    string Subject, RunRecord Run, Checkpoint Gate, IReadOnlyList<SetResult> Test, IReadOnlyList<KeyValuePair<string, ParityResult>> Files,
    int LeftOut)
{
    /// <summary>
    /// True if the gate's head was computed from all photos of the subject, each of which was judged by a head without it.
    /// </summary>
    public bool IsClosedForm => Gate.HeldOut.Count > 0;

    /// <summary>Names of the kinds of look-alikes that the gate was made with, tested or not.</summary>
    public IEnumerable<string> KnownLookAlikes => Run.Options.Negative.Keys;

    /// <summary>Names of known kinds that have no photo in the test.</summary>
    public IEnumerable<string> UntestedLookAlikes => KnownLookAlikes.Except(Test.Select(set => set.Name));
}
