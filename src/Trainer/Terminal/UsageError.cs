using System.CommandLine;
using System.Text.RegularExpressions;
using Trainer.Core.Wording;

namespace Trainer.Terminal;

/// <summary>
/// Says what is wrong with a command line. The parser's own messages name .NET types, and scroll away above a page of help.
/// </summary>
internal static partial class UsageError
{
    /// <summary>The error, with what to do about it.</summary>
    /// <param name="result">A result with at least one error.</param>
    public static string Of(ParseResult result) => $"{What(result)} See '{Name(result.CommandResult.Command)} --help'.";

    private static string What(ParseResult result)
    {
        var command = result.CommandResult.Command;
        if (result.UnmatchedTokens is [var unknown, ..])
        {
            return unknown.StartsWith('-')
                ? $"There is no option '{unknown}'.{NearName.Question(unknown, command.Options.Select(option => option.Name))}"
                : command.Subcommands.Count > 0
                    ? $"There is no command '{unknown}'.{NearName.Question(unknown, command.Subcommands.Select(c => c.Name))}"
                    : $"'{unknown}' belongs to no option.";
        }

        return command.Subcommands.Count > 0
            ? $"Name a command: {string.Join(", ", command.Subcommands.Select(c => c.Name))}."
            : ExpectedType().Replace(
                result.Errors[0].Message, type => type.Groups[1].Value == "Double" ? ": expected a number." : ": expected a whole number.");
    }

    private static string Name(Command command) => command is RootCommand ? "trainer" : $"trainer {command.Name}";

    [GeneratedRegex(@" as expected type 'System\.(Double|Int32|Int64)'\.")]
    private static partial Regex ExpectedType();
}
