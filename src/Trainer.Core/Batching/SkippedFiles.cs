using System.Collections.Concurrent;
using Trainer.Core.Catalog;

namespace Trainer.Core.Batching;

/// <summary>What was left out so far, each file once. Thread-safe.</summary>
public sealed class SkippedFiles
{
    private readonly ConcurrentDictionary<string, string> reasons = new(StringComparer.Ordinal);

    /// <summary>Told of each file when it is left out for the first time.</summary>
    public event Action<SkippedFile>? Skipped;

    /// <summary>How many there are.</summary>
    public int Count => reasons.Count;

    /// <summary>All, by path.</summary>
    public IReadOnlyList<SkippedFile> All => [.. reasons.Select(r => new SkippedFile(r.Key, r.Value)).OrderBy(s => s.Path, StringComparer.Ordinal)];

    /// <summary>True when the file was left out before, so that nobody needs to try again.</summary>
    public bool Contains(string path) => reasons.ContainsKey(path);

    /// <summary>Notes a file and why it is left out.</summary>
    public void Add(SkippedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (reasons.TryAdd(file.Path, file.Reason))
        {
            Skipped?.Invoke(file);
        }
    }
}
