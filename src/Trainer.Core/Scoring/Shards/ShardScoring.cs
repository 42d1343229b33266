using System.Globalization;
using System.Security.Cryptography;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Platform;

namespace Trainer.Core.Scoring.Shards;

/// <summary>Scores shards into a folder: a Parquet file each, written whole or not at all, and none that is there already.</summary>
/// <remarks>Any number of programs may work into one folder, on one machine or many: at worst two do the same shard, and write the same
/// bytes.</remarks>
public sealed class ShardScoring : IDisposable
{
    private const string FormatVersion = "1";

    private readonly IScorer scorer;
    private readonly string folder;
    private readonly bool withEmbeddings;
    private readonly Dictionary<string, string> gate;

    private ShardScoring(IScorer scorer, string modelHash, string folder, bool withEmbeddings)
    {
        (this.scorer, this.folder, this.withEmbeddings) = (scorer, folder, withEmbeddings);
        gate = new()
        {
            [ScoreFile.Format] = FormatVersion,
            [ScoreFile.Model] = modelHash,
            [ScoreFile.Threshold] = scorer.Threshold.ToString("R", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Loads the gate.</summary>
    /// <param name="model">An exported ONNX file.</param>
    /// <param name="threads">Pictures at work at once, at least 1.</param>
    /// <param name="folder">Where the scores go.</param>
    /// <exception cref="TrainerException">The file is missing, or no gate; the folder can't be made.</exception>
    public static ShardScoring Open(string model, int threads, string folder, bool withEmbeddings)
    {
        try
        {
            _ = Directory.CreateDirectory(folder);
            AtomicFile.DeleteLeftovers(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't write in '{folder}': {e.Message.TrimEnd('.')}.", e);
        }

        var gate = OnnxGate.Open(model, threads: 1);
        return new ShardScoring(
            new ModelScorer(gate, threads), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model))), folder, withEmbeddings);
    }

    /// <summary>Scores a shard, unless that is done.</summary>
    /// <exception cref="TrainerException">The scores can't be written, or the gate gives no embedding.</exception>
    public ShardOutcome Score(Shard shard, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(shard);
        var path = PathOf(shard);
        try
        {
            var identity = IdentityOf(shard);
            if (ScoreFile.Read(path) is { } file && file.Difference(identity, withEmbeddings) is null)
            {
                return new ShardOutcome(ShardState.WasThere, file.Counts);
            }

            using var opened = shard.Open();
            var counts = default(ShardCounts);
            AtomicFile.Write(path, stream =>
            {
                counts = Write(opened, stream, identity, cancel);
                if (!identity.SequenceEqual(IdentityOf(shard)))
                {
                    throw new ShardException("changed while it was read", isBroken: false);
                }
            });
            return new ShardOutcome(ShardState.Scored, counts);
        }
        catch (ShardException e)
        {
            return new ShardOutcome(e.IsBroken ? ShardState.Broken : ShardState.Unavailable, default, e.Message);
        }
    }

    /// <summary>What is still to be done for a shard, in words; null when its scores are there and match.</summary>
    public string? Missing(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        try
        {
            var identity = IdentityOf(shard);
            var path = PathOf(shard);
            return !File.Exists(path) ? $"{shard.OutputName} is missing"
                : ScoreFile.Read(path) is not { } file ? $"{shard.OutputName} is no whole file of scores"
                : file.Difference(identity, withEmbeddings) is { } difference ? $"{shard.OutputName} {difference}"
                : null;
        }
        catch (ShardException e)
        {
            return $"the shard {e.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => scorer.Dispose();

    private string PathOf(Shard shard) => Path.Combine(folder, shard.OutputName);

    private Dictionary<string, string> IdentityOf(Shard shard) => new(gate.Concat(shard.Identity()));

    private ShardCounts Write(ShardStream shard, Stream file, IReadOnlyDictionary<string, string> identity, CancellationToken cancel)
    {
        using var writer = new ScoreFileWriter(file, withEmbeddings);
        var taken = new Queue<ShardPicture>(); // by the scorer, which gives them back in their order
        var (counts, embedding) = (default(ShardCounts), 0);
        try
        {
            foreach (var scored in scorer.Score(ShardPicture.In(shard.Bytes).Select(Take), cancel))
            {
                var picture = taken.Dequeue();
                writer.Add(picture.Key, picture.Extension, picture.Error is null ? scored : new ScoredPicture(null, null, picture.Error));
                counts += new ShardCounts(1, scored.Judgement?.Accepted == true ? 1 : 0, scored.Judgement is null ? 1 : 0);
                embedding = Math.Max(embedding, scored.Embedding.Length);
                if (withEmbeddings && scored.Judgement is not null && embedding == 0)
                {
                    throw new TrainerException(
                        "The model gives no embedding. Export it again with 'trainer export --onnx', or leave out --embeddings.");
                }
            }

            shard.RequireSuccess();
        }
        catch (ShardException e) when (e.IsBroken)
        {
            shard.RequireNoFailure();
            throw;
        }

        writer.Finish(ScoreFile.MetadataOf(identity, counts, withEmbeddings ? embedding : 0));
        return counts.Pictures > 0 ? counts : throw new ShardException("holds no picture", isBroken: true);

        PictureSource Take(ShardPicture picture)
        {
            taken.Enqueue(picture);
            return picture.Source;
        }
    }
}
