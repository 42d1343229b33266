using System.CommandLine;
using Trainer.Core;
using Trainer.Core.Platform;

namespace Trainer.Commands.Options;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>An option of every command.</summary>
    public static readonly Option<bool> Quiet = new("--quiet") { Description = "Print results, notes and errors only.", Recursive = true };

    public static Option<string> Run() =>
        new("--run") { Description = "Folder of a run, as 'trainer train' printed it.", HelpName = "DIR", Required = true };

    public static Option<string> Folder(string name, string description) => new(name) { Description = description, HelpName = "DIR" };

    /// <summary>Named sets as NAME=DIR, which <see cref="Named"/> splits.</summary>
    public static Option<string[]> Negatives(string description) => new("--negative") { Description = description, HelpName = "NAME=DIR" };

    /// <param name="what">What is printed.</param>
    public static Option<bool> Json(string what) => new("--json") { Description = $"Print {what} instead of text." };

    public static Option<string> Device() =>
        new Option<string>(
            "--device")
        {
            Description = "Where to compute.",
            HelpName = "auto|cpu|cuda|mps",
            DefaultValueFactory = _ =>
            "auto"
        }.WithValues();

    public static Option<int> Threads() =>
        new("--threads") { Description = "Threads; 0 means one for each core, at most 16. [default: 0]", HelpName = "N" };

    /// <summary>Checks that --accept is a share.</summary>
    public static double? Checked(double? accept) => accept is null or (> 0 and <= 1)
        ? accept
        : throw new TrainerException(
            FormattableString.Invariant($"--accept is {accept}; it must be above 0, at most 1 (0.95 means 95 of 100)."));

    /// <summary>Lets shells complete the values in the help, which are those without capitals in "auto|none|FILE".</summary>
    public static Option<T> WithValues<T>(this Option<T> option)
    {
        option.CompletionSources.Add(
            [.. option.HelpName?.Split('|') is { Length: > 1 } values ? values.Where(value => !value.Any(char.IsUpper)) : []]);
        return option;
    }

    /// <summary>Splits NAME=DIR.</summary>
    public static (string Name, string Folder) Named(string negative) => negative.Split('=', 2) switch
    {
        [{ Length: > 0 } name, { Length: > 0 } folder] => (name, folder),
        _ => throw new TrainerException($"--negative {negative}: expected NAME=DIR, such as --negative weeds=photos/weeds."),
    };

    public static void RequireDifferentNames(IEnumerable<string> sets)
    {
        if (sets.CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice)
        {
            throw new TrainerException($"Two sets are called '{twice}'. Give each --negative a different name; 'normal' and 'coco' are the "
                + "names of --normal and --coco.");
        }
    }

    /// <summary>An option with the names of an enumeration in lower case as values; the first is the default.</summary>
    public static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var names = string.Join('|', Enum.GetNames<T>().Select(value => value.ToLowerInvariant()));
        return new Option<T>(name)
        {
            Description = $"{description} [default: {names.Split('|')[0]}]",
            HelpName = names,
            CustomParser = result => Enum.TryParse<T>(result.Tokens[0].Value, ignoreCase: true, out var value) && Enum.IsDefined(value)
                ? value
                : throw new TrainerException(
                    $"{name} is {result.Tokens[0].Value}; it must be one of {names.Replace("|", ", ", StringComparison.Ordinal)}."),
        };
    }

    public static int Resolve(int threads) => threads switch
    {
        0 => TorchRuntime.DefaultThreads,
        > 0 and <= 1024 => threads,
        _ => throw new TrainerException($"--threads is {threads}; it must be from 1 to 1024, or 0 for one for each core."),
    };
}
