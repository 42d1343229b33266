using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Platform;
using Trainer.Core.Randomness;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Imaging;
using Trainer.Core.Tests.Weights;
using Trainer.Core.Training.Planning;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Hostile;

/// <summary>Any file may be broken or hostile. It is either read, or refused with one error that the user understands.</summary>
public sealed class MutatedFilesTests : IDisposable
{
    private const int Few = 150; // files of each kind, unless scripts/torture asks for more
    private const long Growth = 4; // bytes that may be allocated per byte of the file
    private const long Slack = 2 << 20; // bytes that may be allocated for any file, however small
    private const long MostNative = 1L << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20); // on a busy machine

    private readonly TemporaryFolder folder = new();
    private readonly RgbImage picture = Drawn.Soft(40, 30);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Safetensors() => Try("safetensors", [Tensors()], path => WeightFile.Open(path));

    [Fact]
    public void Pth() =>
        Try("pth", [PthFile(CompressionLevel.NoCompression), PthFile(CompressionLevel.Optimal)], path => WeightFile.Open(path));

    [Fact]
    public void OldPth() =>
        Try("old pth", [OldPthFile(), File.ReadAllBytes(GoldenFiles.PathOf("old_format.pth"))], path => WeightFile.Open(path));

    [Fact]
    public void Checkpoints() => Try("ckpt", [Checkpoint()], path => CheckpointFile.Parse<RunState>(CheckpointFile.Read(path), "state"));

    [Fact]
    public void Onnx() => Try("onnx", [SmallGate.Write()], path =>
    {
        using var gate = OnnxGate.Open(path, threads: 1);
        gate.Judge(picture);
    });

    [Fact]
    public void GateJson() =>
        Try("gate.json", [
        Text("""{"format":1,"threshold":0.25,"promise":"Of 100 …","calibration":{"auroc":null},"files":{"model.onnx":"00ff"}}""")],
        path => GateFile.NoteExport(path, path, new { Bytes = 1 }));

    [Fact]
    public void OptionsJson() => Try("options.json", [Text(Record())], path =>
    {
        var run = Path.Combine(Path.GetDirectoryName(path)!, "run"); // below the folder
        _ = Directory.CreateDirectory(run);
        File.Copy(path, Path.Combine(run, "options.json"), overwrite: true);
        _ = ResumedRun.Open(run);
    });

    [Fact]
    public void Configurations() =>
        Try("--config", [Text(
        """{ /* what differs */ "normal": "n", "coco": "c", "out": "o", "lr": 0.01, "loss": "sub-center", "epochs": 3, }""")],
        path => OptionsFile.Resolve(OptionsFile.Read(path)));

    [Fact]
    public void Centroids() =>
        Try("embedding.txt", [Text(EmbeddingText.Format([0.5f, -1e-9f, 1]))], path => EmbeddingText.Parse(File.ReadAllText(path)));

    [Fact]
    public void Parts() => Try("parts.tsv", [Text("# format 2\ntest\tnormal\t00ff00ff00ff00ff\ta b.jpg\ncalibration\tnegative\t0\tx\n")],
        path => PartsFile.Find(path, HeldOutPart.Test, SetLabel.Normal, []));

    [Fact]
    public void Pictures()
    {
        var drawn = new[] { "jpg", "png", "webp", "gif", "tif", "avif" }.Select(
            format => File.ReadAllBytes(Drawn.Noise(60, 48, seed: 3).Save(folder.PathOf($"drawn.{format}"))));
        var collected = SharedFiles.Data is { } data && Directory.Exists(Path.Combine(data, "bad"))
            ? Directory.GetFiles(Path.Combine(data, "bad")).Order(StringComparer.Ordinal).Where(file => new FileInfo(file).Length < 200_000)
                .Select(File.ReadAllBytes)
            : [];
        Try("pictures", [.. drawn, .. collected], path => ImageDecoder.Decode(path), isNative: true);
    }

    [Fact]
    public void BmpPictures() => Try("bmp",
        [
            Bitmaps.WithPalette(4, Bitmaps.Core, fromTop: false, 60, 48, Bitmaps.Indices(4, 60 * 48), Bitmaps.Colours(4)),
            Bitmaps.WithPalette(8, Bitmaps.V5, fromTop: true, 60, 48, Bitmaps.Indices(8, 60 * 48), Bitmaps.Colours(8)),
            Bitmaps.Runs(8, 60, 48, Bitmaps.Colours(8),
                [.. Enumerable.Repeat<byte[]>([40, 1, 0, 19, .. Bitmaps.Indices(8, 19), 0, 1, 7, 0, 0], 48).SelectMany(row => row)]),
            Bitmaps.Runs(4, 60, 48, Bitmaps.Colours(4),
                [.. Enumerable.Repeat<byte[]>([40, 0x12, 0, 19, .. Bitmaps.Indices(8, 10), 0, 2, 0, 1, 0, 0], 48).SelectMany(row => row)]),
            Bitmaps.Direct(16, Bitmaps.Info, fromTop: false, 60, 48, Numbers(60 * 48), 0xF800, 0x7E0, 0x1F),
            Bitmaps.Direct(32, Bitmaps.V4, fromTop: false, 60, 48, Numbers(60 * 48), 0xFF0000, 0xFF00, 0xFF, 0xFF000000),
            Bitmaps.Direct(24, Bitmaps.Os2, fromTop: true, 60, 48, Numbers(60 * 48)),
        ],
        path => ImageDecoder.Decode(path), isNative: true);

    [Fact]
    public void TgaPictures() => Try("tga",
        [.. from kind in (string[])["colour 24", "palette 24", "grey 8", "colour 32", "colour 16"] from isPacked in (bool[])[
            true, false] select Targas.Write(kind, isPacked, 0x10, 60, 48).File],
        path => ImageDecoder.Decode(path), isNative: true);

    [Fact]
    public void NetpbmPictures() => Try("netpbm",
        [.. ((string[])["P1 8 2 1011 0101 11110000", "P2 3 2 15 1 2 3 4 5 6", "P3 #c\n1 2 999 1 2 3 40 50 60", "P4 9 2 abcd",
            "P5 3 2 127\nabcdef", "P6 2 1 999\n\u0001a\u0002b\u0003c\u0001d\u0002e\u0003f"]).Select(Text)],
        path => ImageDecoder.Decode(path), isNative: true);

    private void Try(string kind, IReadOnlyList<byte[]> originals, Action<string> read, bool isNative = false)
    {
        var failures = new List<string>();
        var path = folder.PathOf($"mutated.{kind}");
        foreach (var original in originals.Take(6)) // the drawn ones, where there are others
        {
            File.WriteAllBytes(path, original);
            read(path); // undamaged, each is read; this also does all one-time loading
        }

        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var rounds = Torture.Rounds("FILES", Few);
        var passed = 0;
        for (var i = 0; i < rounds && Torture.HasTime; i++)
        {
            File.WriteAllBytes(
                path, Mutation.Of(originals[i % originals.Count], new CounterRandom(Torture.Seed, (ulong)kind.Length, (ulong)i)));
            if (Verdict(path, read, isNative) is { } failure)
            {
                failures.Add($"{kind}, seed {Torture.Seed}, file {i}: {failure}");
                File.Copy(path, Path.Combine(Path.GetTempPath(), $"mutated-{kind.Length}-{Torture.Seed}-{i}"), overwrite: true);
            }
            else
            {
                passed++;
            }
        }

        process.Refresh();
        if (process.PeakWorkingSet64 - before > MostNative)
        {
            failures.Add($"{kind}: the process grew by {(process.PeakWorkingSet64 - before) >> 20} MB");
        }

        Torture.Report(kind, passed, failures);
    }

    private static string? Verdict(string path, Action<string> read, bool isNative)
    {
        var clock = Stopwatch.StartNew();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(path);
        }
        catch (Exception e) when (e is TrainerException or UndecodableImageException)
        {
            if (e.Message.Length is 0 or > 2000)
            {
                return $"an error of {e.Message.Length} letters";
            }
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return clock.Elapsed > Longest ? $"took {clock.Elapsed}"
            : !isNative && allocated > (Growth * new FileInfo(path).Length) + Slack
                ? $"{allocated} bytes for a file of {new FileInfo(path).Length}"
            : null;
    }

    private static IEnumerable<uint> Numbers(int count) => Enumerable.Range(0, count).Select(i => (uint)i * 2654435761);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static WeightTensor[] SomeTensors() =>
    [
        Weights.Checkpoints.Floats("features.0.0.weight", [2, 3, 2, 2], [.. Enumerable.Range(0, 24).Select(i => i / 8f)]),
        Weights.Checkpoints.Floats("fc.bias", [4], 1, 2, 3, 4),
        new("features.0.1.num_batches_tracked", WeightType.Int64, [], new byte[8]),
    ];

    private static byte[] Tensors()
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, SomeTensors(), new Dictionary<string, string> { ["format"] = "pt" });
        return stream.ToArray();
    }

    private static byte[] PthFile(CompressionLevel level) => Weights.Checkpoints.Zip(
        level,
        ("net/data.pkl", new PickleWriter().Code("}(").Text("a").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1]).Text("b")
            .Tensor("FloatStorage", "0", 6, 1, [2, 2], [1, 2]).Code("u").Stop()),
        ("net/byteorder", "little"u8.ToArray()),
        ("net/data/0", Weights.Checkpoints.Bytes(1, 2, 3, 4, 5, 6)),
        ("net/version", "3\n"u8.ToArray()));

    private static byte[] OldPthFile() => Weights.OldPth.Write(
        new PickleWriter().Code("}(").Text("a").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1], "N").Text("b")
        .Tensor("FloatStorage", "0", 6, 1, [2, 2], [1, 2], "N").Code("u").Stop(),
        1, 2, 3, 4, 5, 6);

    /// <summary>A checkpoint of the version without a checksum, so that the code behind the checksum is reached.</summary>
    private static byte[] Checkpoint()
    {
        using var stream = new MemoryStream();
        var state =
            """{"epoch":1,"step":7,"stepInEpoch":2,"position":9,"lossSum":1.5,"isTrained":false,"metricsLines":3,"best":{"epoch":0,"bar":0.9,"threshold":{"cosine":0.5,"promisedAcceptRate":0.95,"calibrationCount":4}}}""";
        SafetensorsFile.Write(
            stream, SomeTensors(),
            new Dictionary<string, string>
            {
                ["format"] = "trainer-checkpoint",
                ["version"] = "1",
                ["preprocessing"] = "1",
                ["options"] = "{}",
                ["state"] = state
            });
        return stream.ToArray();
    }

    private static string Record()
    {
        var record = new RunRecord(
            SavedOptions.Of(new TrainingOptions { Normal = "n", Coco = "c", Out = "o" }), "1.0", "0.107", "2.10", "cpu", 2, "none", "00ff",
            new PartCounts(1, 2, 3), new PartCounts(4, 5, 6));
        return System.Text.Json.JsonSerializer.Serialize(record, Json.Indented);
    }
}
