using System.Globalization;
using System.Text.RegularExpressions;

namespace Trainer.Core.Scoring.Shards;

/// <summary>Names shards as WebDataset does: braces for numbers and alternatives, and wildcards for files that are there.</summary>
public static partial class ShardPattern
{
    private const int MostShards = 10_000_000;

    private static readonly EnumerationOptions AsWritten =
        new() { MatchType = MatchType.Simple, MatchCasing = MatchCasing.CaseSensitive, AttributesToSkip = 0 };

    /// <summary>The shards in the pattern's order; those of a wildcard in the order of their names.</summary>
    /// <param name="pattern">"shards/{000000..009999}.tar", "{train,val}/*.tar", "pipe:aws s3 cp s3://bucket/{00..99}.tar -". Braces
    /// without ".." or "," stand for themselves, wildcards in commands too.</param>
    /// <exception cref="TrainerException">No shard, too many, a range that runs backwards, or two shards of one name.</exception>
    public static IReadOnlyList<Shard> Expand(string pattern)
    {
        var shards = Braced(pattern).SelectMany(Files).Take(MostShards + 1).Select(source => new Shard(source)).ToArray();
        if (shards.Length > MostShards)
        {
            throw new TrainerException($"'{pattern}' stands for more than {MostShards} shards. Use several patterns.");
        }

        // some file systems know no case
        return shards.GroupBy(shard => shard.OutputName, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new TrainerException(
                $"'{twice.First().Source}' and '{twice.Last().Source}' would both be scored into '{twice.Key}'. Use a pattern and an --out "
                + "for each folder.")
            : shards;
    }

    private static IEnumerable<string> Braced(string pattern)
    {
        var brace = Brace().Match(pattern);
        return brace.Success
            ? Alternatives(brace)
                .SelectMany(one => Braced(pattern[(brace.Index + brace.Length)..]).Select(rest => $"{pattern[..brace.Index]}{one}{rest}"))
            : [pattern];
    }

    private static IEnumerable<string> Alternatives(Match brace)
    {
        if (!brace.Groups["first"].Success)
        {
            return brace.Groups["list"].Value.Split(',');
        }

        var (from, to) = (brace.Groups["first"].Value, brace.Groups["last"].Value);
        var (first, last) = (long.Parse(from, CultureInfo.InvariantCulture), long.Parse(to, CultureInfo.InvariantCulture));
        var digits = from.StartsWith('0') || to.StartsWith('0') ? Math.Max(from.Length, to.Length) : 1;
        return first <= last
            ? Range(first, last).Select(number => number.ToString($"D{digits}", CultureInfo.InvariantCulture))
            : throw new TrainerException($"'{brace.Value}' runs backwards: the smaller number comes first.");
    }

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var number = first; number <= last; number++)
        {
            yield return number;
        }
    }

    private static IEnumerable<string> Files(string source) =>
        new Shard(source).IsPipe || !HasWildcard(source) ? [source]
        : Below(source).ToArray() is { Length: > 0 } found ? found
        : throw new TrainerException($"No file matches '{source}'. Check the path; in a shell the pattern must be quoted.");

    private static IEnumerable<string> Below(string path)
    {
        var (parent, name) = (Path.GetDirectoryName(path) ?? "", Path.GetFileName(path));
        var folders = HasWildcard(parent) ? FoldersBelow(parent) : [parent];
        return folders.SelectMany(folder => Matches(folder, at => Directory.EnumerateFiles(at, name, AsWritten)));
    }

    private static IEnumerable<string> FoldersBelow(string path)
    {
        var (parent, name) = (Path.GetDirectoryName(path) ?? "", Path.GetFileName(path));
        var folders = HasWildcard(parent) ? FoldersBelow(parent) : [parent];
        return folders.SelectMany(folder => HasWildcard(name)
            ? Matches(folder, at => Directory.EnumerateDirectories(at, name, AsWritten))
            : [Path.Combine(folder, name)]);
    }

    private static string[] Matches(string folder, Func<string, IEnumerable<string>> find)
    {
        try
        {
            var at = folder.Length == 0 ? "." : folder;
            return Directory.Exists(at)
                ? [.. find(at).Select(found => Path.Combine(folder, Path.GetFileName(found))).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't list the folder '{folder}': {e.Message}", e);
        }
    }

    private static bool HasWildcard(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    [GeneratedRegex(@"\{(?:(?<first>\d{1,18})\.\.(?<last>\d{1,18})|(?<list>[^{}]*,[^{}]*))\}")]
    private static partial Regex Brace();
}
