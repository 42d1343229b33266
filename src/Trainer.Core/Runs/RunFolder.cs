using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Catalog;
using Trainer.Core.Platform;
using Trainer.Core.Runs.Files;

namespace Trainer.Core.Runs;

/// <summary>Where a run keeps what it leaves, and how each file is called.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
    private const int SkippedFormat = 2; // the first had no number

    /// <summary>The folder's own name: what the run's subject is called where nobody says more.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    /// <summary>The newest state: what a resume goes on from.</summary>
    public string LastCheckpoint => File("last.ckpt");

    /// <summary>The state before that, in case the newest is damaged; gone once the run is complete.</summary>
    public string PreviousCheckpoint => File("previous.ckpt");

    /// <summary>State at the best validation: what eval and export use.</summary>
    public string BestCheckpoint => File("best.ckpt");

    /// <summary>Every option as resolved, versions, device, data fingerprint.</summary>
    public string Options => File("options.json");

    /// <summary>One JSON object a line: losses, thinned, and every validation.</summary>
    public string Metrics => File("metrics.jsonl");

    /// <summary>The best checkpoint's centroid.</summary>
    public string Embedding => File("embedding.txt");

    /// <summary>What an app needs beside the model.</summary>
    public string Gate => File("gate.json");

    /// <summary>Every picture of the run, so that a resume can say which of them changed.</summary>
    public string Data => File("data.tsv");

    /// <summary>Held by the program that writes to the folder, while it does.</summary>
    public string Lock => File("lock");

    /// <summary>classes.tsv: the classes that training put the photos into.</summary>
    public string Classes => File("classes.tsv");

    /// <summary>Which pictures calibrated and which are kept for the test.</summary>
    public string Parts => File("parts.tsv");

    /// <summary>Pictures that were left out, and why.</summary>
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

    /// <summary>The page for people, on the run's own test part.</summary>
    public string Report => File("report.html");

    /// <summary>The page for people, on folders that were named last.</summary>
    public string Evaluated => File("evaluated.html");

    /// <summary>Makes sure that a new run can go there; changes nothing.</summary>
    /// <exception cref="TrainerException">The folder holds something already, or can't be made.</exception>
    public static void RequireFree(string path)
    {
        if (System.IO.File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(IsPrecious)))
        {
            throw new TrainerException(
                System.IO.File.Exists(new RunFolder(path).Options)
                    ? $"'{path}' already holds a run, and nothing is ever overwritten. Train again into another folder, such as --out {FirstFree(path)}, or go on with this one by 'trainer train --resume {path}'."
                    : $"'{path}' already holds files, and nothing is ever overwritten. Choose another folder with --out, or move or delete this one.");
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

    /// <summary>False for what a killed run may leave before its first file is whole.</summary>
    private static bool IsPrecious(string path) => !AtomicFile.IsTemporary(path) && path != new RunFolder(System.IO.Path.GetDirectoryName(path) ?? "").Lock;

    /// <summary>Makes the folder for a new run.</summary>
    /// <exception cref="TrainerException">It holds something already, or can't be made.</exception>
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
    /// <exception cref="TrainerException">There is none, or it was never saved.</exception>
    public static RunFolder Open(string path)
    {
        var run = new RunFolder(path);
        return System.IO.File.Exists(run.BestCheckpoint)
            ? run
            : throw new TrainerException(Directory.Exists(path)
                ? $"'{path}' holds no best.ckpt: it is no run, or one that stopped before its first save. Name the folder that 'trainer train' printed."
                : System.IO.File.Exists(path)
                ? $"'{path}' is a file, and --run names a run's folder. An exported file is named with --model."
                : $"There is no folder '{path}'. Name the folder that 'trainer train' printed, runs/<name> by default.");
    }

    /// <summary>What the run was begun with.</summary>
    /// <exception cref="TrainerException">options.json is missing, damaged, or of a newer format.</exception>
    public RunRecord ReadRecord()
    {
        try
        {
            return FileFormat.Require(JsonNode.Parse(Json.ReadText(Options)), Options, RunRecord.Format).Deserialize<RunRecord>(Json.Indented)!; // an object is never null
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException) // the last: a name twice
        {
            throw new TrainerException($"Can't read '{Options}': {e.Message}", e);
        }
    }

    /// <summary>Writes options.json.</summary>
    public void WriteRecord(RunRecord record) => AtomicFile.WriteText(Options, FileFormat.Stamp(record, RunRecord.Format).ToJsonString(Json.Indented) + "\n");

    /// <summary>Writes the list of left-out pictures; no file when there is none.</summary>
    public void WriteSkipped(IReadOnlyList<SkippedFile> skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        if (skipped.Count > 0)
        {
            AtomicFile.WriteText(Skipped, FileFormat.Line(SkippedFormat) + string.Concat(skipped.Select(s => $"{OneLine(s.Path)}\t{OneLine(s.Reason)}\n")));
        }
    }

    /// <summary>What <see cref="WriteSkipped"/> wrote; empty when there is no file.</summary>
    public IReadOnlyList<SkippedFile> ReadSkipped()
    {
        try
        {
            return System.IO.File.Exists(Skipped)
                ? [.. FileFormat.ReadLines(Skipped, SkippedFormat).Select(line => line.Split('\t')).Where(fields => fields.Length == 2).Select(fields => new SkippedFile(fields[0], fields[1]))]
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
