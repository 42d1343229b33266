using Trainer.Core.Catalog;

namespace Trainer.Core.Tests.Catalog;

/// <summary>Catalog entries without files.</summary>
internal static class Entries
{
    /// <summary>A number of entries with different contents.</summary>
    public static ImageEntry[] Some(int count, string prefix = "image") =>
        [.. Enumerable.Range(0, count).Select(i => One($"{prefix}{i:d6}.jpg"))];

    /// <summary>An entry with a pseudo-random content key, like a hash.</summary>
    public static ImageEntry One(string name, string? content = null) =>
        new($"/pictures/{name}", name, 1000, System.IO.Hashing.XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(content ?? name)));
}
