using System.Runtime.InteropServices;
using Trainer.Core.Platform;
using Trainer.Core.Training;

namespace Trainer.Terminal;

/// <summary>Ctrl-C, SIGTERM and a closed terminal: the first asks the work to stop and save, the second leaves at once.</summary>
/// <remarks>Work that has nothing to save and doesn't listen is left after <see cref="Patience"/>; files are whole in any case.</remarks>
internal static partial class Interruption
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1); // with the way out, two seconds at most, also on a busy machine
    private static readonly CancellationTokenSource Source = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly Timer Leave = new(_ => LeaveUnlessSaving()); // held: a timer that nobody holds is collected, and never rings
    private static int exitCode;
    private static volatile bool endsByItself; // however long that takes
    private static Action leaving = AtomicFile.Abandon;
    private static volatile bool hasWorkToSave; // then an interrupted program waits for it
    private static volatile string lastWords = "stopped";

    /// <summary>Asks whoever works to stop.</summary>
    public static CancellationToken Token => Source.Token;

    /// <summary>What the program ends with: 128 and the signal's number; 0 when there was none.</summary>
    public static int ExitCode => exitCode;

    /// <summary>Begins to listen.</summary>
    public static void Listen()
    {
        Add(PosixSignal.SIGINT, 130);
        Add(PosixSignal.SIGTERM, 143);
        Add(PosixSignal.SIGHUP, 129);
    }

    private static void Add(PosixSignal signal, int code) => Registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref exitCode, code, 0) != 0)
        {
            LeaveNow();
        }

        if (hasWorkToSave)
        {
            Screen.Note("stopping after this step, to save; once more stops at once");
        }

        ThreadPool.QueueUserWorkItem(_ => Source.Cancel());
        Leave.Change(Patience, Patience);
    }));

    /// <summary>From now on the work does listen, and is left only at the second signal.</summary>
    public static void WaitForExit() => endsByItself = true;

    /// <summary>What is still to be done when the work doesn't stop in time, and is left.</summary>
    public static void WhenLeft(Action tidy) => leaving += tidy;

    /// <summary>What a program says that is left from now on: what is done, and what isn't.</summary>
    public static void Say(string whenLeft) => lastWords = whenLeft;

    /// <summary>Shows a run's events, and remembers while there is something to save.</summary>
    public static Action<TrainingEvent> Minding(Action<TrainingEvent> show) => happened =>
    {
        hasWorkToSave = happened is DataReady || (hasWorkToSave && happened is not (RunStopped or RunDone));
        lastWords = happened is RunStopped ? "" : lastWords; // says all there is to say
        show(happened);
    };

    private static void LeaveUnlessSaving()
    {
        if (!hasWorkToSave && !endsByItself)
        {
            if (lastWords.Length > 0)
            {
                Screen.Note(lastWords);
            }

            LeaveNow();
        }
    }

    /// <summary>Ends the program now, whatever its threads wait for.</summary>
    public static void LeaveWith(int code)
    {
        exitCode = code;
        LeaveNow();
    }

    private static void LeaveNow()
    {
        leaving();
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(exitCode);
        }
        else
        {
            ExitImmediately(exitCode); // libraries' own ends may wait for the threads that we don't want to wait for
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitImmediately(int code);
}
