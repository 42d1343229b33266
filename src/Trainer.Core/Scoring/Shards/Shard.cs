using System.Globalization;
using System.Text.RegularExpressions;

namespace Trainer.Core.Scoring.Shards;

/// <summary>A tar of pictures, in a file or as the output of a command.</summary>
/// <param name="Source">The file's path, or "pipe:" and a line of shell.</param>
public sealed partial record Shard(string Source)
{
    /// <summary>What the sources that are commands begin with, as WebDataset's do.</summary>
    public const string Pipe = "pipe:";

    /// <summary>True when a command gives it.</summary>
    internal bool IsPipe => Source.StartsWith(Pipe, StringComparison.Ordinal);

    /// <summary>What its file of scores is called: the tar's name, with another ending.</summary>
    /// <exception cref="TrainerException">The source names no tar.</exception>
    public string OutputName =>
        (IsPipe ? TarName().Matches(Source).LastOrDefault()?.Groups[1].Value
        : Path.GetFileNameWithoutExtension(Source)) is { Length: > 0 } name
        ? $"{name}.parquet"
        : throw new TrainerException(
            $"'{Source}' names no .tar, so that its scores would have no name. Name it at the end: '{Source} # 000000.tar'.");

    /// <summary>What tells it from another shard, and from itself after a change.</summary>
    /// <exception cref="ShardException">It isn't there, or can't be looked at.</exception>
    internal IReadOnlyDictionary<string, string> Identity()
    {
        if (IsPipe)
        {
            return new Dictionary<string, string> { ["trainer.shard"] = Source };
        }

        return OrUnavailable(() => new FileInfo(Source) is { Exists: true } file
            ? new Dictionary<string, string>
            {
                ["trainer.shard"] = file.Name, // machines may see it below different folders
                ["trainer.shard_bytes"] = file.Length.ToString(CultureInfo.InvariantCulture),
                ["trainer.shard_modified"] = file.LastWriteTimeUtc.ToString("O", CultureInfo.InvariantCulture),
            }
            : throw new FileNotFoundException($"There is no file '{Source}'"));
    }

    /// <summary>Opens it for reading from its start.</summary>
    /// <exception cref="ShardException">It isn't there, or can't be read.</exception>
    internal ShardStream Open() => OrUnavailable(() => IsPipe
        ? ShardStream.OfCommand(Source[Pipe.Length..])
        : ShardStream.OfFile(Source));

    private static T OrUnavailable<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new ShardException($"can't be read: {e.Message.TrimEnd('.')}", isBroken: false, e);
        }
    }

    [GeneratedRegex(@"([^\s/\\'""=?&]+)\.tar\b")]
    private static partial Regex TarName();
}
