using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using Trainer.Commands;
using Trainer.Commands.Options;
using Trainer.Core;
using Trainer.Core.Platform;
using Trainer.Terminal;

namespace Trainer;

/// <summary>The program's entry point, with its commands and its error handling.</summary>
internal static class Program
{
    /// <summary>Exit code for an error that the user can fix.</summary>
    internal const int UserCanMendIt = 1;

    private const int OurBug = 2;

    public static int Main(string[] args) => HandleLimit.Suffices() ? Run(args) : UserCanMendIt;

    [MethodImpl(MethodImplOptions.NoInlining)] // its parts are loaded only now
    private static int Run(string[] args)
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        ResultStream.Install();
        Interruption.Listen();
        _ = Console.Error; // opened while there are handles for it
        try
        {
            var root = Root();
            var parsed = root.Parse(args is ["help", .. var command] ? [.. command, "--help"] : args);
            Screen.Quiet = parsed.GetValue(CommonOptions.Quiet);
            return parsed.Action is ParseErrorAction
                ? throw new TrainerException(UsageError.Of(parsed))
                : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException) when (Interruption.ExitCode != 0 && !FileHandles.AreOut())
        {
            return Interruption.ExitCode;
        }
        catch (Exception e)
        {
            return Tell(e);
        }
    }

    /// <summary>Prints the error that ends the program.</summary>
    /// <returns>The exit code.</returns>
    internal static int Tell(Exception e)
    {
        if (FileHandles.RanOut(e) || FileHandles.AreOut())
        {
            Console.Error.WriteLine($"error: {FileHandles.Error(e).Message}");
            return UserCanMendIt;
        }

        if ((e as TrainerException ?? (e as AggregateException)?.GetBaseException()) is TrainerException known)
        {
            Screen.Error(known.Message);
            return UserCanMendIt;
        }

        Screen.Error("This is a bug in trainer; please report it with the lines below.");
        Console.Error.WriteLine(e);
        return OurBug;
    }

    /// <summary>All commands. Tests also use it to parse the commands in the README.</summary>
    internal static RootCommand Root() =>
        new("Trains a gate that lets through photos of one subject and rejects all else: for phones, with the proof.")
    {
        CommonOptions.Quiet,
        QuickstartCommand.Create(),
        InspectCommand.Create(),
        TrainCommand.Create(),
        EvalCommand.Create(),
        CalibrateCommand.Create(),
        ReportCommand.Create(),
        ExportCommand.Create(),
        PredictCommand.Create(),
        DemoCommand.Create(),
        BenchCommand.Create(),
        DoctorCommand.Create(),
        CompletionCommand.Create(),
    };
}
