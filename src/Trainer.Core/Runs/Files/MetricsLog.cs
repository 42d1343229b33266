using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Files;

/// <summary>metrics.jsonl: every validation and epoch, and of the steps one in <see cref="StepsBetween"/>.</summary>
/// <param name="path">The file; lines are added at its end. Null where lines are only counted, since another process writes them.</param>
internal sealed class MetricsLog(string? path)
{
    /// <summary>Steps from one logged loss to the next.</summary>
    public const int StepsBetween = 10;

    private const int Format = 2; // the first had no number

    /// <summary>Lines that belong to what was done so far.</summary>
    public int Lines { get; private set; }

    /// <summary>Adds the line, unless it is of a step that the file leaves out.</summary>
    /// <exception cref="TrainerException">The file can't be written.</exception>
    public void Add(MetricsLine line)
    {
        if (line is not StepLine step || step.Step % StepsBetween == 0)
        {
            Guarded(path => File.AppendAllText(path, FileFormat.Stamp(line, Format, place: 1).ToJsonString(Json.Line) + "\n"));
            Lines++;
        }
    }

    /// <summary>Reads the file. What is missing, cut off or unknown is left out: a curve less is no reason for no report.</summary>
    /// <exception cref="TrainerException">A newer trainer wrote it.</exception>
    public static IReadOnlyList<MetricsLine> Read(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => Parse(line, path)).OfType<MetricsLine>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Takes away what a run wrote after the checkpoint that it now goes on from, or only half wrote: all of it comes again.</summary>
    /// <param name="lines">That stay, or as many as there are.</param>
    /// <exception cref="TrainerException">The file can't be written.</exception>
    public void Keep(int lines)
    {
        Lines = lines;
        Guarded(path =>
        {
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1 << 16);
            long end = 0;
            for (var found = 0; found < lines; end = file.Position, found++)
            {
                int next;
                while ((next = file.ReadByte()) is not ('\n' or -1))
                {
                }

                if (next < 0)
                {
                    break;
                }
            }

            file.SetLength(end);
        });
    }

    /// <summary>Brings the lines to the disk, so that a checkpoint that counts them never finds fewer.</summary>
    /// <exception cref="TrainerException">The disk refuses.</exception>
    public void Flush() => Guarded(path =>
    {
        using var file = File.Open(path, FileMode.Append);
        file.Flush(flushToDisk: true);
    });

    private static MetricsLine? Parse(string line, string path)
    {
        try
        {
            return FileFormat.Require(JsonNode.Parse(line), path, Format).Deserialize<MetricsLine>(Json.Line);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    private void Guarded(Action<string> write)
    {
        try
        {
            if (path is not null)
            {
                write(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't write '{path}': {e.Message} The checkpoints written so far stand.", e);
        }
    }
}
