using Trainer.Core.Evaluation;
using Trainer.Core.Export.Proof;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Export.Cards;

/// <summary>Writes model-card.md beside exported files.</summary>
public static class CardFile
{
    /// <summary>The card's name.</summary>
    public const string Name = "model-card.md";

    /// <summary>The sets whose figures the card tells: the run's own test part.</summary>
    /// <param name="tell">Told why there are none: a folder is gone. An export goes on without them.</param>
    public static IReadOnlyList<EvaluationSet> TestSets(RunFolder run, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        try
        {
            return [.. RunPictures.TestSets(run, _ => { }).Where(set => set.Images.Count > 0)]; // the proof has told what is gone of it
        }
        catch (TrainerException e)
        {
            tell($"{e.Message} {Name} will have no figures.");
            return [];
        }
    }

    /// <summary>Writes the card beside an exported file of the run, about all of the run's files there, and notes subject and figures in gate.json.</summary>
    /// <param name="export">A file or package that is written and noted already.</param>
    /// <inheritdoc cref="Write"/>
    public static string WriteBeside(string export, RunFolder run, TrainedGate gate, string subject, IReadOnlyList<SetResult> test)
    {
        ArgumentNullException.ThrowIfNull(run);
        var folder = Path.GetDirectoryName(export) ?? "";
        GateFile.NoteTest(run.Gate, subject, test);
        return Write(folder, run, gate, subject, test, [.. GateFile.Exports<ParityResult>(run.Gate).Where(file => Path.Exists(Path.Combine(folder, file.Key)))]);
    }

    /// <summary>Writes the card into a folder, and keeps the licence that someone wrote into an earlier one.</summary>
    /// <param name="subject">What the gate accepts, for people.</param>
    /// <param name="test">What the trained gate does on <see cref="TestSets"/>.</param>
    /// <param name="files">What the folder holds, and the proofs.</param>
    /// <returns>The card's path.</returns>
    /// <exception cref="TrainerException">The file can't be written, or a file of the run is damaged.</exception>
    public static string Write(
        string folder, RunFolder run, TrainedGate gate, string subject, IReadOnlyList<SetResult> test, IReadOnlyList<KeyValuePair<string, ParityResult>> files)
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
