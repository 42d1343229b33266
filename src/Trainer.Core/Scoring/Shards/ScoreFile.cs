using System.Globalization;
using Parquet;

namespace Trainer.Core.Scoring.Shards;

/// <summary>A file of scores by what it says of itself: the gate, the shard as it was then, and how many pictures.</summary>
internal sealed record ScoreFile(IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The names of its metadata; readers of earlier files know them.</summary>
    public const string Format = "trainer.format", Model = "trainer.model_sha256", Threshold = "trainer.threshold",
        Embedding = "trainer.embedding";

    private const string PicturesKey = "trainer.pictures", AcceptedKey = "trainer.accepted", UnreadableKey = "trainer.unreadable";

    /// <summary>How many of what there are in it.</summary>
    public ShardCounts Counts => new(Number(PicturesKey), Number(AcceptedKey), Number(UnreadableKey));

    /// <summary>Reads the end of a file; null when it isn't there, or isn't a whole file of scores.</summary>
    public static ScoreFile? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return ReadAsync(path).GetAwaiter().GetResult();
        }
        // whatever Parquet.Net stumbles over, it is no file of ours, and is written anew
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>The metadata of a file that is written.</summary>
    /// <param name="identity">Of gate and shard.</param>
    /// <param name="embedding">The numbers of an embedding; 0 where none are kept.</param>
    public static IReadOnlyDictionary<string, string> MetadataOf(
        IReadOnlyDictionary<string, string> identity, ShardCounts counts, int embedding) => new Dictionary<string, string>(identity)
        {
            [PicturesKey] = counts.Pictures.ToString(CultureInfo.InvariantCulture),
            [AcceptedKey] = counts.Accepted.ToString(CultureInfo.InvariantCulture),
            [UnreadableKey] = counts.Unreadable.ToString(CultureInfo.InvariantCulture),
            [Embedding] = embedding > 0 ? $"float16[{embedding}]" : "",
        };

    /// <summary>Why this file isn't what is wanted; null when it is.</summary>
    /// <param name="identity">Of gate and shard.</param>
    public string? Difference(IReadOnlyDictionary<string, string> identity, bool withEmbeddings) =>
        identity.FirstOrDefault(wanted => Metadata.GetValueOrDefault(wanted.Key) != wanted.Value).Key switch
        {
            null => withEmbeddings && Metadata.GetValueOrDefault(Embedding) is null or "" ? "has no embeddings" : null,
            Format => "has another format",
            Model or Threshold => "is another gate's",
            _ => "is of another state of the shard",
        };

    private static async Task<ScoreFile> ReadAsync(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
        return new ScoreFile(reader.CustomMetadata.ToDictionary());
    }

    private long Number(string key) =>
        long.TryParse(Metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
