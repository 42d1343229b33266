using Trainer.Core.Catalog;

namespace Trainer.Core.Tests.Catalog;

/// <summary>Catalog entries without files.</summary>
internal static class Entries
{
    /// <summary>So many entries of different contents.</summary>
    public static ImageEntry[] Some(int count, string prefix = "image") =>
        [.. Enumerable.Range(0, count).Select(i => One($"{prefix}{i:d6}.jpg"))];

    /// <summary>An entry whose content key is as good as random, as a hash is.</summary>
    public static ImageEntry One(string name, string? content = null) =>
        new($"/pictures/{name}", name, 1000, System.IO.Hashing.XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(content ?? name)));
}
