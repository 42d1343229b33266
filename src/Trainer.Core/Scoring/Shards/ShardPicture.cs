using System.Text.RegularExpressions;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Scoring.Shards;

/// <summary>A picture of a shard.</summary>
/// <param name="Key">What WebDataset names a sample by: the path up to the first dot of the file's name.</param>
/// <param name="Extension">What follows that dot, such as "jpg"; a sample can have several pictures.</param>
/// <param name="Source">Its bytes; none where <paramref name="Error"/> says why.</param>
/// <param name="Error">Why it isn't even decoded; null for most.</param>
internal sealed partial record ShardPicture(string Key, string Extension, PictureSource Source, string? Error)
{
    /// <summary>The pictures of a tar, in its order; everything else in it is passed over.</summary>
    /// <exception cref="ShardException">The tar isn't whole, or can't be read.</exception>
    public static IEnumerable<ShardPicture> In(Stream tar)
    {
        var reader = new TarReader(tar);
        while (reader.Next() is { } member)
        {
            if (Sample().Match(member.Name) is { Success: true, Groups: var parts } && ImageFolder.HasImageExtension(member.Name))
            {
                var error = !member.IsFile ? "the shard holds a link or a folder in its place"
                    : member.Size > ImageDecoder.MaxFileBytes ? $"larger than {ImageDecoder.MaxFileBytes >> 20} MB"
                    : null;
                yield return new ShardPicture(
                    parts[1].Value, parts[2].Value, new PictureSource(member.Name, error is null ? reader.Content() : []), error);
            }
        }
    }

    [GeneratedRegex(@"\A((?:.*/)?[^./]+)\.([^/]*)\z", RegexOptions.Singleline)]
    private static partial Regex Sample();
}
