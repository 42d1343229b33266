using Trainer.Core.Evaluation;
using Trainer.Core.Runs.Options;

namespace Trainer.Core.Reporting;

/// <summary>Says which kinds of look-alikes a gate knows, because it rejects unknown kinds less well.</summary>
public static class KnownLookAlikes
{
    /// <summary>A sentence that names the sets whose kinds the gate was made with; null if there are none.</summary>
    public static string? Among(IEnumerable<SetResult> sets, SavedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var names = sets.Select(set => set.Name).Where(options.Negative.ContainsKey).ToArray();
        return names.Length == 0
            ? null
            : $"Known look-alikes: {string.Join(", ", names)}. The gate was made with other photos of "
                + $"{(names.Length == 1 ? "it" : "them")}; kinds that it doesn't know get through more often.";
    }
}
