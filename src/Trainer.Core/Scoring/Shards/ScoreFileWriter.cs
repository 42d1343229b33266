using System.Buffers.Binary;
using Parquet;
using Parquet.Schema;

namespace Trainer.Core.Scoring.Shards;

/// <summary>Writes the scores of a shard as Parquet: a row a picture, in the shard's order.</summary>
/// <remarks>
/// key, extension: strings; similarity: float; accepted: bool; error: string, where there is no score. With embeddings also embedding: D
/// float16, little-endian, as bytes, because Parquet.Net has no column of halves and few readers know one. The same pictures give the same
/// file. (docs/decisions/0034)
/// </remarks>
internal sealed class ScoreFileWriter : IDisposable
{
    /// <summary>Pictures that are kept in memory until they are written.</summary>
    private const int RowsOfGroup = 10_000;

    private static readonly DataField Key = new("key", typeof(string), isNullable: false);
    private static readonly DataField Extension = new("extension", typeof(string), isNullable: false);
    private static readonly DataField Similarity = new("similarity", typeof(float), isNullable: true);
    private static readonly DataField Accepted = new("accepted", typeof(bool), isNullable: true);
    private static readonly DataField Error = new("error", typeof(string), isNullable: true);
    private static readonly DataField Embedding = new("embedding", typeof(byte[]), isNullable: true);

    private readonly bool withEmbeddings;
    private readonly ParquetWriter file;
    private readonly List<(string Key, string Extension, ScoredPicture Scored)> rows = [];

    /// <param name="stream">Not disposed here.</param>
    public ScoreFileWriter(Stream stream, bool withEmbeddings)
    {
        this.withEmbeddings = withEmbeddings;
        Field[] fields = [Key, Extension, Similarity, Accepted, Error];
        file = ParquetWriter.CreateAsync(new ParquetSchema(withEmbeddings ? [.. fields, Embedding] : fields), stream).GetAwaiter()
            .GetResult();
    }

    /// <summary>Adds a row.</summary>
    public void Add(string key, string extension, ScoredPicture scored)
    {
        rows.Add((key, extension, scored));
        if (rows.Count == RowsOfGroup)
        {
            WriteGroup();
        }
    }

    /// <summary>Writes what is left, and the end.</summary>
    /// <param name="metadata">What the file says of itself.</param>
    public void Finish(IReadOnlyDictionary<string, string> metadata)
    {
        WriteGroup();
        file.CustomMetadata = metadata;
    }

    /// <inheritdoc/>
    public void Dispose() => file.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Little-endian halves, whatever the machine's order.</summary>
    private static byte[]? HalvesOf(ReadOnlySpan<float> embedding)
    {
        if (embedding.IsEmpty)
        {
            return null;
        }

        var halves = new byte[2 * embedding.Length];
        for (var i = 0; i < embedding.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(2 * i), (Half)embedding[i]);
        }

        return halves;
    }

    private void WriteGroup()
    {
        if (rows.Count > 0)
        {
            WriteGroupAsync().GetAwaiter().GetResult();
            rows.Clear();
        }
    }

    private async Task WriteGroupAsync()
    {
        using var group = file.CreateRowGroup();
        await group.WriteAsync(Key, rows.ConvertAll(row => row.Key)).ConfigureAwait(false);
        await group.WriteAsync(Extension, rows.ConvertAll(row => row.Extension)).ConfigureAwait(false);
        await group.WriteAsync<float>(Similarity, rows.Select(row => row.Scored.Judgement?.Similarity).ToArray()).ConfigureAwait(false);
        await group.WriteAsync<bool>(Accepted, rows.Select(row => row.Scored.Judgement?.Accepted).ToArray()).ConfigureAwait(false);
        await group.WriteAsync(Error, rows.ConvertAll(row => row.Scored.Error!)).ConfigureAwait(false); // nulls are allowed in this column
        if (withEmbeddings)
        {
            // as here
            await group.WriteAsync(Embedding, rows.ConvertAll(row => HalvesOf(row.Scored.Embedding.Span)!)).ConfigureAwait(false);
        }

        group.CompleteValidate();
    }
}
