using Trainer.Core.Evaluation;
using Trainer.Core.Export.Proof;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Export.Cards;

/// <summary>Writes model-card.md next to exported files.</summary>
public static class CardFile
{
    /// <summary>The card's file name.</summary>
    public const string Name = "model-card.md";

    /// <summary>The sets whose figures the card gives: the run's own test part.</summary>
    /// <param name="tell">Called with the reason if a folder no longer exists. The export then continues without figures.</param>
    public static IReadOnlyList<EvaluationSet> TestSets(RunFolder run, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        try
        {
            return [.. RunPictures.TestSets(run, _ => { }).Where(set => set.Images.Count > 0)]; // the proof has reported missing pictures
        }
        catch (TrainerException e)
        {
            tell($"{e.Message} {Name} will have no figures.");
            return [];
        }
    }

    /// <summary>
    /// Writes the card next to an exported file, about all of the run's exported files in that folder, and stores the subject and the
    /// figures in gate.json.
    /// </summary>
    /// <param name="export">A file or package that is already written and listed in gate.json.</param>
    /// <inheritdoc cref="Write"/>
    public static string WriteBeside(string export, RunFolder run, TrainedGate gate, string subject, IReadOnlyList<SetResult> test)
    {
        ArgumentNullException.ThrowIfNull(run);
        var folder = Path.GetDirectoryName(export) ?? "";
        GateFile.NoteTest(run.Gate, subject, test);
        return Write(folder, run, gate, subject, test,
            [.. GateFile.Exports<ParityResult>(run.Gate).Where(file => Path.Exists(Path.Combine(folder, file.Key)))]);
    }

    /// <summary>Writes the card into a folder, and keeps the licence section of an earlier card.</summary>
    /// <param name="subject">Name of the subject, for people.</param>
    /// <param name="test">The trained gate's figures on <see cref="TestSets"/>.</param>
    /// <param name="files">The folder's files with their proofs.</param>
    /// <returns>The card's path.</returns>
    /// <exception cref="TrainerException">The file can't be written, or a file of the run is damaged.</exception>
    public static string Write(
        string folder, RunFolder run, TrainedGate gate, string subject, IReadOnlyList<SetResult> test,
        IReadOnlyList<KeyValuePair<string, ParityResult>> files)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(gate);
        var path = Path.Combine(folder, Name);
        var facts = new CardFacts(subject, run.ReadRecord(), gate.Checkpoint, test, files, run.ReadSkipped().Count);
        AtomicFile.WriteText(path, ModelCard.Text(facts, LicenceIn(path)));
        return path;
    }

    private static string LicenceIn(string path)
    {
        try
        {
            var text = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
            var heading = text.LastIndexOf(ModelCard.LicenceHeading, StringComparison.Ordinal);
            return heading < 0 ? ModelCard.UnknownLicence : text[(heading + ModelCard.LicenceHeading.Length)..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't read '{path}', whose licence an export keeps: {e.Message} Move it away.", e);
        }
    }
}
