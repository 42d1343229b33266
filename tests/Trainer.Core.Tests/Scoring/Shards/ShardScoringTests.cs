using System.Buffers.Binary;
using Parquet;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Scoring.Shards;
using Trainer.Core.Tests.Hostile;
using Trainer.Core.Tests.Training;
using Xunit;

namespace Trainer.Core.Tests.Scoring.Shards;

public sealed class ShardScoringTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model, scores, shard;
    private readonly byte[][] pictures;

    public ShardScoringTests()
    {
        model = folder.Write("model.onnx", SmallGate.Write(withEmbedding: true));
        scores = folder.PathOf("scores");
        pictures = [.. Directory.GetFiles(DrawnPictures.Normals(folder, "normals", 6)).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)];
        shard = folder.Write("s/000.tar", Tars.Of([
            ("p/0.jpg", pictures[0]), ("p/0.json", [1]), ("p/1.jpg", "<html>"u8.ToArray()), ("p/2.jpg", pictures[1]), ("p/2.mask.png", []),
            ("p/.3.jpg", pictures[2]), ("p/4.mp4", [2])]));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryPictureIsARowInTheShardsOrder()
    {
        var outcome = Score(shard, withEmbeddings: true);
        var rows = await Rows("000.parquet");

        Assert.Equal((ShardState.Scored, new ShardCounts(4, rows.Count(row => row.Accepted == true), 2)), (outcome.State, outcome.Counts));
        Assert.Equal(["p/0 jpg", "p/1 jpg", "p/2 jpg", "p/2 mask.png"], rows.Select(row => $"{row.Key} {row.Extension}"));
        Assert.Equal([null, "not a picture but a web page", null, "the file is empty"], rows.Select(row => row.Error));
        using var gate = OnnxGate.Open(model, threads: 1);
        foreach (var (row, picture) in new[] { rows[0], rows[2] }.Zip(pictures))
        {
            var (judgement, embedding) =
                gate.JudgeWithEmbedding(ImageDecoder.DecodeBytes(gate.Preprocessing.ShorterSide, picture, "a.jpg"));
            Assert.Equal((judgement.Similarity, judgement.Accepted), (row.Similarity, row.Accepted));
            Assert.Equal(embedding.ToArray().Select(value => (Half)value),
                row.Embedding!.Chunk(2).Select(half => BinaryPrimitives.ReadHalfLittleEndian(half)));
        }

        Assert.Equal((null, null, null), (rows[1].Similarity, rows[1].Accepted, rows[1].Embedding));
    }

    [Fact]
    public void ScoredShardsAreSkippedUntilSomethingIsDifferent()
    {
        Assert.Equal(ShardState.Scored, Score(shard).State);
        var first = File.ReadAllBytes(folder.PathOf("scores/000.parquet"));

        Assert.Equal(ShardState.WasThere, Score(shard).State);
        Assert.Equal(ShardState.Scored, Score(shard, withEmbeddings: true).State);
        Assert.Equal(ShardState.WasThere, Score(shard).State); // more than was asked for
        File.SetLastWriteTimeUtc(shard, DateTime.UtcNow.AddHours(-1));
        Assert.Equal("000.parquet is of another state of the shard", Missing(shard));
        Assert.Equal(ShardState.Scored, Score(shard).State);
        File.WriteAllBytes(model, SmallGate.Write(threshold: 0.25f, withEmbedding: true));
        Assert.Equal("000.parquet is another gate's", Missing(shard));
        Assert.Equal(ShardState.Scored, Score(shard).State);
        File.WriteAllBytes(folder.PathOf("scores/000.parquet"), first[..^9]);
        Assert.Equal("000.parquet is no whole file of scores", Missing(shard));
        Assert.Equal(ShardState.Scored, Score(shard).State);
        Assert.Null(Missing(shard));
    }

    [Fact]
    public void TheSamePicturesGiveTheSameFile()
    {
        Score(shard, withEmbeddings: true);
        var first = File.ReadAllBytes(folder.PathOf("scores/000.parquet"));
        File.Delete(folder.PathOf("scores/000.parquet"));

        Score(shard, withEmbeddings: true, threads: 1);

        Assert.Equal(first, File.ReadAllBytes(folder.PathOf("scores/000.parquet")));
    }

    [Fact]
    public void BrokenShardsLeaveNoFile()
    {
        var whole = File.ReadAllBytes(shard);
        var (cut, empty) = (folder.Write("cut.tar", whole.AsSpan(..^1024)), folder.Write("none.tar", Tars.Of(("a.txt", [1]))));

        Assert.StartsWith("cut short", Reason(ShardState.Broken, cut), StringComparison.Ordinal);
        Assert.Equal("holds no picture", Reason(ShardState.Broken, empty));
        Assert.StartsWith(
            "can't be read: There is no file", Reason(ShardState.Unavailable, folder.PathOf("gone.tar")), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scores));
    }

    [Fact]
    public void AModelWithoutEmbeddingsHasNoneToKeep()
    {
        File.WriteAllBytes(model, SmallGate.Write());

        Assert.Equal(ShardState.Scored, Score(shard).State);
        Assert.StartsWith(
            "The model gives no embedding.", Assert.Throws<TrainerException>(() => Score(shard, withEmbeddings: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void CommandsGiveShards()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These lines are for sh.");

        Assert.Equal(ShardState.Scored, Score($"pipe:cat {shard}").State);
        Assert.Equal(ShardState.WasThere, Score($"pipe:cat {shard}").State);
        Assert.Equal("its command ended with exit code 7", Reason(ShardState.Unavailable, $"pipe:cat {shard}; exit 7"));
        // not: broken
        Assert.Equal("its command ended with exit code 7", Reason(ShardState.Unavailable, $"pipe:head -c 1000 {shard}; exit 7"));
        Assert.StartsWith("cut short", Reason(ShardState.Broken, $"pipe:head -c 1000 {shard}"), StringComparison.Ordinal);
        Assert.Equal("not a tar", Reason(ShardState.Broken, "pipe:yes # 000.tar")); // which would never end
    }

    private ShardOutcome Score(string source, bool withEmbeddings = false, int threads = 2)
    {
        using var scoring = ShardScoring.Open(model, threads, scores, withEmbeddings);
        return scoring.Score(new Shard(source), TestContext.Current.CancellationToken);
    }

    private string? Reason(ShardState state, string source)
    {
        var outcome = Score(source);
        Assert.Equal(state, outcome.State);
        return outcome.Error;
    }

    private string? Missing(string source)
    {
        using var scoring = ShardScoring.Open(model, 1, scores, withEmbeddings: false);
        return scoring.Missing(new Shard(source));
    }

    private async Task<Row[]> Rows(string name)
    {
        await using var reader = await ParquetReader.CreateAsync(Path.Combine(scores, name));
        using var group = reader.OpenRowGroupReader(0);
        var count = (int)group.RowCount;
        var fields = reader.Schema.DataFields.ToDictionary(field => field.Name);
        var (keys, extensions, errors, embeddings) = (new string[count], new string[count], new string[count], new byte[count][]);
        var (similarities, accepted) = (new float?[count], new bool?[count]);
        await group.ReadAsync(fields["key"], keys);
        await group.ReadAsync(fields["extension"], extensions);
        await group.ReadAsync<float>(fields["similarity"], similarities);
        await group.ReadAsync<bool>(fields["accepted"], accepted);
        await group.ReadAsync(fields["error"], errors);
        await group.ReadAsync(fields["embedding"], embeddings);
        return [.. Enumerable.Range(0, count)
            .Select(i => new Row(keys[i], extensions[i], similarities[i], accepted[i], errors[i], embeddings[i]))];
    }

    private sealed record Row(string Key, string Extension, float? Similarity, bool? Accepted, string? Error, byte[]? Embedding);
}
