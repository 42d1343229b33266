using Trainer.Core.Export.Proof;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Export;

/// <summary>Writes exported gates that passed their proof, and lists them in gate.json.</summary>
public static class CheckedExport
{
    /// <summary>Writes every candidate that passed.</summary>
    /// <param name="parity">The result of each candidate, in their order.</param>
    /// <param name="allowedDrift">A candidate that failed is still written if its |Δ cosine| is at most this; NaN for no exception.</param>
    /// <returns>The candidates that were refused and not written.</returns>
    /// <exception cref="TrainerException">A file can't be written.</exception>
    public static IReadOnlyList<ParityResult> Write(
        RunFolder run, IReadOnlyList<ExportCandidate> candidates, IReadOnlyList<ParityResult> parity, double allowedDrift = double.NaN)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(parity);
        var refused = new List<ParityResult>();
        foreach (var (candidate, result) in candidates.Zip(parity))
        {
            if (!result.Holds && !(result.WorstDelta <= allowedDrift))
            {
                refused.Add(result);
                continue;
            }

            candidate.Write();
            GateFile.NoteExport(run.Gate, candidate.Path, result);
        }

        return refused;
    }
}
