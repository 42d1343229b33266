using System.CommandLine;

namespace Trainer.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Run() => new("--run") { Description = "Folder of a run, as 'trainer train' printed it.", HelpName = "DIR", Required = true };

    public static Option<string> Device() =>
        new("--device") { Description = "Where to compute.", HelpName = "auto|cpu|cuda|mps", DefaultValueFactory = _ => "auto" };

    public static Option<int> Threads() => new("--threads") { Description = "Threads; 0 means one for each core. [default: 0]", HelpName = "N" };

    /// <summary>An option that takes one of the names of an enumeration, in lower case.</summary>
    public static Option<T> Choice<T>(string name, string description, T otherwise)
        where T : struct, Enum
    {
        var names = string.Join('|', Enum.GetNames<T>().Select(value => value.ToLowerInvariant()));
        return new Option<T>(name)
        {
            Description = $"{description} [default: {otherwise.ToString().ToLowerInvariant()}]",
            HelpName = names,
            DefaultValueFactory = _ => otherwise,
            CustomParser = result => Enum.TryParse<T>(result.Tokens[0].Value, ignoreCase: true, out var value) && Enum.IsDefined(value)
                ? value
                : throw new Core.TrainerException($"{name} is {result.Tokens[0].Value}; it must be one of {names.Replace("|", ", ", StringComparison.Ordinal)}."),
        };
    }

    public static int Resolve(int threads) => threads switch
    {
        0 => Environment.ProcessorCount,
        > 0 and <= 1024 => threads,
        _ => throw new Core.TrainerException($"--threads is {threads}; it must be from 1 to 1024, or 0 for one for each core."),
    };
}
