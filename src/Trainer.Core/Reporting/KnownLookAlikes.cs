using Trainer.Core.Evaluation;
using Trainer.Core.Runs.Options;

namespace Trainer.Core.Reporting;

/// <summary>Says which sets a gate knows: unknown kinds are another matter.</summary>
public static class KnownLookAlikes
{
    /// <summary>The sets of kinds that the gate was made with; null where none is.</summary>
    public static string? Among(IEnumerable<SetResult> sets, SavedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var names = sets.Select(set => set.Name).Where(options.Negative.ContainsKey).ToArray();
        return names.Length == 0
            ? null
            : $"Known look-alikes: {string.Join(", ", names)}. The gate was made with other photos of {(names.Length == 1 ? "it" : "them")}; a kind that it doesn't know gets through more often.";
    }
}
