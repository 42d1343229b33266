using System.Text;
using System.Text.Json;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Runs.Files;

/// <summary>
/// Every file of a run has a format number. Older formats are read, newer ones refused. <see cref="CheckpointTests"/> covers checkpoints.
/// </summary>
public sealed class FileFormatTests : IDisposable
{
    private const string OptionsJson = """
        {"format":FORMAT,"options":{"normal":"n","coco":"c","later":1},"later":{"than":["this"]},"trainer":"1","torchSharp":"1","libtorch":"1","device":"cpu","threads":2,
        "startWeights":"none","dataFingerprint":"00","normals":{"train":1,"calibration":2,"test":3,"later":0},"negatives":{"train":4,"calibration":5,"test":6}}
        """;

    private static readonly PartSplit NoPictures = new(Train: [], Calibration: [], Test: []);
    private static readonly ImageEntry Picture = new("n/a.jpg", "a.jpg", 1, 0xFF);
    private readonly TemporaryFolder folder = new();
    private readonly RunFolder run;

    public FileFormatTests() => run = new RunFolder(folder.Root);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EveryFileThatIsWrittenHasItsFormat()
    {
        run.WriteRecord(Record());
        run.WriteSkipped([new SkippedFile("a.jpg", "empty")]);
        PartsFile.Write(run.Parts, NoPictures, NoPictures);
        DataFile.Write(run.Data, [new PictureSet("normal", [Picture])]);
        new MetricsLog(run.Metrics).Add(new EpochLine(0, 1, 0.5, 0.1, 10, 2));
        GateFile.Write(run.Gate, new Checkpoint(1, 20, new Centroid([0.6f, 0.8f], 10, 0.9), new Threshold(0.25f, 0.95, 10), "{}"),
            Validation, "none");

        Assert.All([run.Skipped, run.Parts, run.Data], path =>
            Assert.StartsWith("# format 2\n", File.ReadAllText(path), StringComparison.Ordinal));
        Assert.All([run.Options, run.Metrics], path => Assert.Equal(2, FormatOf(path)));
        Assert.Equal(1, FormatOf(run.Gate));
    }

    [Theory]
    [InlineData("options.json", OptionsJson)]
    [InlineData("gate.json", """{"format":FORMAT,"threshold":0.5}""")]
    [InlineData("metrics.jsonl",
        """{"event":"epoch","format":FORMAT,"epoch":0,"epochs":2,"loss":1,"learningRate":0.001,"imagesPerSecond":20,"seconds":5}""")]
    [InlineData("parts.tsv", "# format FORMAT\ntest\tnormal\tff\ta.jpg\n")]
    [InlineData("data.tsv", "# format FORMAT\nnormal\ta.jpg\t1\t00000000000000ff\n")]
    [InlineData("skipped.tsv", "# format FORMAT\na.jpg\tempty\n")]
    public void NewerOnesAreRefusedWithASentence(string file, string content)
    {
        folder.Write(file, Bytes(content.Replace("FORMAT", "3", StringComparison.Ordinal)));

        var error = Assert.Throws<TrainerException>(Reading(file));

        Assert.Matches(
            $"'.*{file}' has format 3, and this trainer reads formats up to [12]: a newer trainer wrote it. Update trainer, or use the one "
            + "that wrote it.", error.Message);
    }

    [Theory]
    [InlineData("options.json", OptionsJson)]
    [InlineData("parts.tsv", "# format FORMAT\ntest\tnormal\tff\ta.jpg\n")]
    [InlineData("data.tsv", "# format FORMAT\nnormal\ta.jpg\t1\t00000000000000ff\n")]
    [InlineData("skipped.tsv", "# format FORMAT\na.jpg\tempty\n")]
    [InlineData("gate.json", """{"format":FORMAT,"threshold":0.5}""")]
    public void FormatThatIsNoNumberIsDamage(string file, string content)
    {
        folder.Write(file, Bytes(content.Replace("FORMAT", "-1", StringComparison.Ordinal)));

        Assert.Contains("its format isn't a whole number above 0", Assert.Throws<TrainerException>(Reading(file)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OlderOnesAndUnknownMembersAreRead()
    {
        folder.Write("options.json", Bytes(OptionsJson.Replace("\"format\":FORMAT,", "", StringComparison.Ordinal)));
        folder.Write("skipped.tsv", "a.jpg\tempty\n"u8);
        folder.Write("parts.tsv", "test\tnormal\tff\ta.jpg\n"u8);
        folder.Write("metrics.jsonl",
            """{"event":"step","epoch":0,"step":10,"stepInEpoch":0,"stepsInEpoch":2,"stepsLeft":9,"loss":1,"learningRate":0.001,"imagesPerSecond":20}"""u8);

        var record = run.ReadRecord();

        Assert.Equal(("n", "c", new PartCounts(1, 2, 3)), (record.Options.Normal, record.Options.Coco, record.Normals));
        Assert.Equal([new SkippedFile("a.jpg", "empty")], run.ReadSkipped());
        Assert.Equal([Picture], PartsFile.Find(run.Parts, HeldOutPart.Test, SetLabel.Normal, [Picture]).Found);
        Assert.Equal(10, Assert.IsType<StepLine>(Assert.Single(MetricsLog.Read(run.Metrics))).Step);
    }

    private static ValidationLine Validation =>
        new(1, 20, Distribution.Of([0.5f]), Distribution.Of([]), double.NaN, double.NaN, 0.25, double.NaN, 0.9, Best: true);

    private static RunRecord Record() => new(
        SavedOptions.Of(new TrainingOptions { Normal = "n", Coco = "c", Out = "o" }), "1", "1", "1", "cpu", 2, "none", "00",
        new PartCounts(1, 2, 3), new PartCounts(4, 5, 6));

    private static int FormatOf(string path) =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path)).GetProperty("format").GetInt32();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private Action Reading(string file) => file switch
    {
        "options.json" => () => run.ReadRecord(),
        "gate.json" => () => GateFile.NoteExport(run.Gate, run.Gate, new { Bytes = 1 }),
        "metrics.jsonl" => () => MetricsLog.Read(run.Metrics),
        "parts.tsv" => () => PartsFile.Find(run.Parts, HeldOutPart.Test, SetLabel.Normal, []),
        "data.tsv" => () => DataFile.RequireSame(run.Data, "before", "now", [new PictureSet("normal", [Picture])]),
        _ => () => run.ReadSkipped(),
    };
}
