using System.CommandLine;
using Trainer.Core;
using Trainer.Core.Wording;

namespace Trainer.Commands;

/// <summary>trainer completion: prints scripts with which shells complete commands, options and values.</summary>
internal static class CompletionCommand
{
    /// <summary>
    /// The script of each shell. It asks the program for suggestions ([suggest:position] "line"), and completes file names if there are
    /// none.
    /// </summary>
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _trainer() {
                local line="trainer${COMP_LINE:${#COMP_WORDS[0]}:COMP_POINT-${#COMP_WORDS[0]}}" IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _trainer trainer
            """,
        ["zsh"] = """
            #compdef trainer
            _trainer() {
                local line="trainer ${(j: :)words[2,CURRENT]}"
                local -a known=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null </dev/null)}")
                compadd -- ${known:#} || _files
            }
            compdef _trainer trainer
            """,
        ["fish"] = """
            function __trainer_complete
                set -l program (commandline -opc)[1]
                set -l line (string replace -r '^\s*\S+' trainer -- (commandline -cp))
                set -l known ($program "[suggest:"(string length -- $line)"]" $line 2>/dev/null </dev/null)
                set -q known[1]; and string join \n -- $known; or __fish_complete_path (commandline -ct)
            end
            complete -c trainer -f -a '(__trainer_complete)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName trainer -ScriptBlock {
                param($word, $command, $cursor)
                $name = $command.CommandElements[0].Extent.Text
                $line = 'trainer' + $command.Extent.Text.Substring($name.Length)
                $line = $line.PadRight([Math]::Max($cursor - $command.Extent.StartOffset - $name.Length + 7, 0))
                & $name "[suggest:$($line.Length)]" $line 2>$null | Where-Object { $_ -like "$word*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>(
            "shell")
        { Description = string.Join(", ", Scripts.Keys) + ".", HelpName = string.Join('|', Scripts.Keys) };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new Command("completion", "Prints a script that lets the Tab key complete trainer's commands and options.\n"
            + "Example: source <(trainer completion bash)")
        {
            shell,
        };
        command.SetAction(result =>
        {
            var name = result.GetValue(shell)!; // required
            Console.Write((Scripts.GetValueOrDefault(name)
                ?? throw new TrainerException(
                    $"There is no completion for '{name}'; there is for "
                    + $"{string.Join(", ", Scripts.Keys)}.{NearName.Question(name, Scripts.Keys)}")).ReplaceLineEndings("\n") + "\n");
        });
        return command;
    }
}
