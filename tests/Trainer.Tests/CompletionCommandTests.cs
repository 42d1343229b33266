using System.Diagnostics;
using Xunit;

namespace Trainer.Tests;

public sealed class CompletionCommandTests(TrainedRun run)
{
    /// <summary>What a user has typed before pressing the Tab key, and one of the suggestions of bash.</summary>
    [Theory]
    [InlineData("trainer ", "train eval export inspect")]
    [InlineData("trainer ex", "export")]
    [InlineData("trainer train --feat", "--features-lr")]
    [InlineData("trainer train --optimizer ", "sgd adamw")]
    [InlineData("trainer train --weights a", "auto")]
    [InlineData("trainer train --normal a --device c", "cpu cuda")]
    [InlineData("trainer completion z", "zsh")]
    public void BashCompletes(string typed, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");

        Assert.Superset(expected.Split(' ').ToHashSet(), Complete(typed).ToHashSet());
    }

    [Theory]
    [InlineData("trainer train --normal ")]
    [InlineData("trainer eval --run ru")]
    public void BashIsLeftToCompleteFolders(string typed)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");

        Assert.Empty(Complete(typed));
    }

    [Theory]
    [InlineData("trainer train --optimizer ", "sgd adamw")]
    [InlineData("trainer train --normal run", "runs/")]
    public void FishCompletes(string typed, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "There is no fish.");

        Assert.Superset(expected.Split(' ').ToHashSet(),
            Said("/usr/bin/fish", "--no-config", "-c", "trainer completion fish | source; complete -C $argv[1]", typed).ToHashSet());
    }

    private string[] Complete(string typed)
    {
        const string Script = """
            source <(trainer completion bash)
            COMP_LINE=$1 COMP_POINT=${#1}
            read -ra COMP_WORDS <<<"$1"
            [[ $1 == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _trainer
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        return Said("/bin/bash", "-c", Script, "bash", typed);
    }

    private string[] Said(string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, WorkingDirectory = run.Work };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!; // started by this call
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
