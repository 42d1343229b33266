using System.Diagnostics;

namespace Trainer.Core.Scoring.Shards;

/// <summary>A shard that is being read.</summary>
internal sealed class ShardStream : IDisposable
{
    private const int BufferBytes = 1 << 18;
    // for a command whose output ended too early to say so by its exit code
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Process? command;

    private ShardStream(Stream bytes, Process? command) => (Bytes, this.command) = (bytes, command);

    /// <summary>The tar; can't always seek.</summary>
    public Stream Bytes { get; }

    /// <exception cref="IOException">The file isn't there, or can't be read.</exception>
    public static ShardStream OfFile(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan), null);

    /// <param name="line">For the system's shell. What it writes to standard error goes to ours.</param>
    public static ShardStream OfCommand(string line)
    {
        string[] shell = OperatingSystem.IsWindows() ? ["cmd.exe", "/c"] : ["/bin/sh", "-c"];
        var start = new ProcessStartInfo(shell[0], [shell[1], line]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        var command = Process.Start(start)!; // never null without the system's own shell execution
        command.StandardInput.Close();
        return new ShardStream(new BufferedStream(command.StandardOutput.BaseStream, BufferBytes), command);
    }

    /// <summary>After the last byte: makes sure that the command, if there is one, ended well.</summary>
    /// <exception cref="ShardException">It didn't.</exception>
    public void RequireSuccess()
    {
        command?.WaitForExit();
        if (command?.ExitCode is not (null or 0))
        {
            throw new ShardException($"its command ended with exit code {command.ExitCode}", isBroken: false);
        }
    }

    /// <summary>After an error: makes sure that it isn't the command's, which has priority since it may pass.</summary>
    /// <inheritdoc cref="RequireSuccess" path="/exception"/>
    public void RequireNoFailure()
    {
        if (command?.WaitForExit(Grace) == true)
        {
            RequireSuccess();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (command?.HasExited == false)
        {
            command.Kill(entireProcessTree: true);
        }

        Bytes.Dispose();
        command?.Dispose();
    }
}
