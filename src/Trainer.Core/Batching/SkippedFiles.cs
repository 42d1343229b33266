using System.Collections.Concurrent;
using Trainer.Core.Catalog;

namespace Trainer.Core.Batching;

/// <summary>The files that were skipped so far, each listed once. Thread-safe.</summary>
public sealed class SkippedFiles
{
    private readonly ConcurrentDictionary<string, string> reasons = new(StringComparer.Ordinal);

    /// <summary>Raised when a file is skipped for the first time.</summary>
    public event Action<SkippedFile>? Skipped;

    /// <summary>How many files were skipped.</summary>
    public int Count => reasons.Count;

    /// <summary>All skipped files, ordered by path.</summary>
    public IReadOnlyList<SkippedFile> All =>
        [.. reasons.Select(r => new SkippedFile(r.Key, r.Value)).OrderBy(s => s.Path, StringComparer.Ordinal)];

    /// <summary>True when the file was skipped before, so it need not be tried again.</summary>
    public bool Contains(string path) => reasons.ContainsKey(path);

    /// <summary>Records a file and why it is skipped.</summary>
    public void Add(SkippedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (reasons.TryAdd(file.Path, file.Reason))
        {
            Skipped?.Invoke(file);
        }
    }
}
