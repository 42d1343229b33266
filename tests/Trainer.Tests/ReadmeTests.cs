using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>Parses the README's commands with the program. A line that doesn't parse is a bug in one of the two.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Commands => [.. Lines().Where(line => OfTrainer().IsMatch(line))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void CommandParses(string line)
    {
        var arguments = CommandLineParser.SplitCommandLine(Placeholder().Replace(OfTrainer().Replace(line, ""), "word"));

        var errors = Program.Root().Parse([.. arguments]).Errors;

        Assert.Empty(errors.Select(error => error.Message));
    }

    [Fact]
    public void ShowsEveryCommand() =>
        Assert.All(Program.Root().Subcommands, command =>
            Assert.Contains(Commands, line => line.Data.Contains($" {command.Name}", StringComparison.Ordinal)));

    [Fact]
    public void TestCommandIsTheOneThatCiRuns()
    {
        var command = Assert.Single(Lines(), line => line.StartsWith("dotnet test", StringComparison.Ordinal));

        Assert.Contains(command, File.ReadAllLines(Path.Combine(Repository.Root, ".ci", "run")));
    }

    /// <summary>The lines of all code blocks, with continued lines joined and without comments.</summary>
    private static IEnumerable<string> Lines()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");
        return CodeBlock().Matches(text)
            .SelectMany(block => block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .Select(line => Comment().Replace(line, "").Trim())
            .Where(line => line.Length > 0);
    }

    [GeneratedRegex(@"^```[^\n]*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^(trainer|dotnet run .*? --) ")]
    private static partial Regex OfTrainer();

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Placeholder();
}
