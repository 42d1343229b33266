using System.CommandLine;

namespace Trainer.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Run() => new("--run") { Description = "Folder of a run, as 'trainer train' printed it.", HelpName = "DIR", Required = true };

    public static Option<string> Device() =>
        new("--device") { Description = "Where to compute.", HelpName = "auto|cpu|cuda|mps", DefaultValueFactory = _ => "auto" };

    public static Option<int> Threads() => new("--threads") { Description = "Threads; 0 means one for each core, at most 16. [default: 0]", HelpName = "N" };

    public static int Resolve(int threads) => threads switch
    {
        0 => Core.TorchRuntime.DefaultThreads,
        > 0 and <= 1024 => threads,
        _ => throw new Core.TrainerException($"--threads is {threads}; it must be from 1 to 1024, or 0 for one for each core."),
    };
}
