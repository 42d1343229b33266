using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Catalog;
using Trainer.Core.Platform;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Runs;

/// <summary>A run's folder, and the names of its files.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    private const int SkippedFormat = 2; // the first format had no number

    /// <summary>The folder's own name, used as the subject's name where no other is given.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    /// <summary>The newest state, from which a run is resumed.</summary>
    public string LastCheckpoint => File("last.ckpt");

    /// <summary>The state before that, in case the newest is damaged. Deleted when the run is complete.</summary>
    public string PreviousCheckpoint => File("previous.ckpt");

    /// <summary>The state at the best validation, which eval and export use.</summary>
    public string BestCheckpoint => File("best.ckpt");

    /// <summary>All resolved options, versions, the device and the data fingerprint.</summary>
    public string Options => File("options.json");

    /// <summary>One JSON object per line: some of the losses, and every validation.</summary>
    public string Metrics => File("metrics.jsonl");

    /// <summary>The best checkpoint's centroid.</summary>
    public string Embedding => File("embedding.txt");

    /// <summary>What an app needs in addition to the model.</summary>
    public string Gate => File("gate.json");

    /// <summary>Every picture of the run, so that a resumed run can say which of them changed.</summary>
    public string Data => File("data.tsv");

    /// <summary>Held by a program while it writes to the folder.</summary>
    public string Lock => File("lock");

    /// <summary>The classes that training gave the photos.</summary>
    public string Classes => File("classes.tsv");

    /// <summary>The pictures of the calibration part and of the test part.</summary>
    public string Parts => File("parts.tsv");

    /// <summary>Pictures that were left out, with the reasons.</summary>
    public string Skipped => File("skipped.tsv");

    /// <summary>The exported model.</summary>
    public string Onnx => File("model.onnx");

    /// <summary>Folder of TensorBoard's event files.</summary>
    public string TensorBoard => File("tensorboard");

    /// <summary>The exported Core ML package, a folder.</summary>
    public string CoreMl => File("model.mlpackage");

    /// <summary>The exported Core ML model in the older format.</summary>
    public string CoreMlLegacy => File("model.mlmodel");

    /// <summary>The exported LiteRT model.</summary>
    public string LiteRt => File("model.tflite");

    /// <summary>The report on the run's own test part.</summary>
    public string Report => File("report.html");

    /// <summary>The report of the last evaluation on other folders.</summary>
    public string Evaluated => File("evaluated.html");

    /// <summary>Checks that a new run can be written to a folder, without changing anything.</summary>
    /// <exception cref="TrainerException">The folder isn't empty, or can't be created.</exception>
    public static void RequireFree(string path)
    {
        if (System.IO.File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(IsPrecious)))
        {
            throw new TrainerException(
                System.IO.File.Exists(new RunFolder(path).Options)
                    ? $"'{path}' already holds a run, and trainer never overwrites files. Train into another folder, such as --out "
                        + $"{FirstFree(path)}, or continue this run with 'trainer train --resume {path}'."
                    : $"'{path}' already holds files, and trainer never overwrites files. Choose another folder with --out, or move or "
                        + "delete this one.");
        }

        var first = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        while (System.IO.Path.GetDirectoryName(first) is { } above && !Directory.Exists(above))
        {
            first = above;
            if (System.IO.File.Exists(first))
            {
                throw new TrainerException($"Can't make the run's folder '{path}': '{first}' is a file. Choose another with --out.");
            }
        }

        AtomicFile.RequireWritable(first);
    }

    private static string FirstFree(string path) => Enumerable.Range(2, int.MaxValue - 2)
        .Select(i => $"{System.IO.Path.TrimEndingDirectorySeparator(path)}-{i}").First(free => !System.IO.Path.Exists(free));

    /// <summary>False for files that a killed run may leave before its first complete file.</summary>
    private static bool IsPrecious(string path) =>
        !AtomicFile.IsTemporary(path) && path != new RunFolder(System.IO.Path.GetDirectoryName(path) ?? "").Lock;

    /// <summary>Creates the folder for a new run.</summary>
    /// <exception cref="TrainerException">The folder isn't empty, or can't be created.</exception>
    public static RunFolder Create(string path)
    {
        try
        {
            RequireFree(path);
            Directory.CreateDirectory(path);
            return new RunFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't make the run's folder '{path}': {e.Message} Choose another with --out.", e);
        }
    }

    /// <summary>Finds an existing run.</summary>
    /// <exception cref="TrainerException">There is no run, or it was never saved.</exception>
    public static RunFolder Open(string path)
    {
        var run = new RunFolder(path);
        return System.IO.File.Exists(run.BestCheckpoint)
            ? run
            : throw new TrainerException(Directory.Exists(path)
                ? $"'{path}' holds no best.ckpt, so it isn't a run, or the run stopped before its first save. Name the folder that "
                    + "'trainer train' printed."
                : System.IO.File.Exists(path)
                ? $"'{path}' is a file, and --run names a run's folder. An exported file is named with --model."
                : $"There is no folder '{path}'. Name the folder that 'trainer train' printed, runs/<name> by default.");
    }

    /// <summary>Reads options.json: what the run was begun with.</summary>
    /// <exception cref="TrainerException">options.json is missing, damaged, or of a newer format.</exception>
    public RunRecord ReadRecord()
    {
        try
        {
            // an object is never null
            return FileFormat.Require(JsonNode.Parse(Json.ReadText(Options)), Options, RunRecord.Format)
                .Deserialize<RunRecord>(Json.Indented)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            // An ArgumentException means that a name occurs twice.
            throw new TrainerException($"Can't read '{Options}': {e.Message}", e);
        }
    }

    /// <summary>Writes options.json.</summary>
    public void WriteRecord(RunRecord record) =>
        AtomicFile.WriteText(Options, FileFormat.Stamp(record, RunRecord.Format).ToJsonString(Json.Indented) + "\n");

    /// <summary>Writes the list of left-out pictures; no file when there is none.</summary>
    public void WriteSkipped(IReadOnlyList<SkippedFile> skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        if (skipped.Count > 0)
        {
            AtomicFile.WriteText(
                Skipped, FileFormat.Line(SkippedFormat) + string.Concat(skipped.Select(s => $"{OneLine(s.Path)}\t{OneLine(s.Reason)}\n")));
        }
    }

    /// <summary>Reads what <see cref="WriteSkipped"/> wrote; empty when there is no file.</summary>
    public IReadOnlyList<SkippedFile> ReadSkipped()
    {
        try
        {
            return System.IO.File.Exists(Skipped)
                ? [.. FileFormat.ReadLines(Skipped, SkippedFormat).Select(line => line.Split('\t')).Where(fields => fields.Length == 2)
                    .Select(fields => new SkippedFile(fields[0], fields[1]))]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainerException($"Can't read '{Skipped}': {e.Message}", e);
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
