using System.Diagnostics;
using System.Text;

namespace Trainer.Tests;

/// <summary>The exit code and the two output streams of a program run.</summary>
public sealed record Outcome(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the program like a user: by its name, in a folder, with both streams in pipes.</summary>
internal static class TrainerProcess
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    public static Outcome Run(string folder, params IEnumerable<string> arguments) =>
        Run(Start(folder, arguments), string.Join(' ', arguments));

    /// <param name="variable">A variable to set in the program's environment.</param>
    public static Outcome Run(string folder, IEnumerable<string> arguments, (string Name, string Value) variable) =>
        Run(folder, arguments, environment => environment[variable.Name] = variable.Value);

    /// <param name="change">Changes the program's environment.</param>
    public static Outcome Run(string folder, IEnumerable<string> arguments, Action<IDictionary<string, string?>> change)
    {
        var start = Start(folder, arguments);
        change(start.Environment);
        return Run(start, string.Join(' ', arguments));
    }

    /// <summary>Runs a line of shell, with the program's path as $0.</summary>
    public static Outcome Shell(string folder, string line)
    {
        var start = Start(folder, []);
        (start.FileName, var program) = ("/bin/sh", start.FileName);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(line);
        start.ArgumentList.Add(program);
        return Run(start, line);
    }

    private static Outcome Run(ProcessStartInfo start, string arguments)
    {
        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"trainer {arguments} took more than {Longest.TotalMinutes} minutes. So far:\n{output}{error}");
        }

        process.WaitForExit(); // until both streams are read to their ends
        return new Outcome(process.ExitCode, output.ToString(), error.ToString());
    }

    public static ProcessStartInfo Start(string folder, IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "trainer.exe" : "trainer");
        return new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            text.Append(line).Append('\n');
        }
    }
}
