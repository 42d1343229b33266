using System.Runtime.InteropServices;
using Trainer.Core.Platform;
using Trainer.Core.Training;

namespace Trainer.Terminal;

/// <summary>
/// Handles Ctrl-C, SIGTERM and a closed terminal. The first signal asks the work to stop and save; the second ends the program at once.
/// </summary>
/// <remarks>
/// If the work has nothing to save and doesn't react, the program ends after <see cref="Patience"/>. Files are complete in any case.
/// </remarks>
internal static partial class Interruption
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1); // including the exit, at most two seconds, even on a busy machine
    private static readonly CancellationTokenSource Source = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly Timer Leave = new(_ => LeaveUnlessSaving()); // held in a field, or the timer would be collected
    private static int exitCode;
    private static volatile bool endsByItself; // then the program waits for it, however long that takes
    private static Action leaving = AtomicFile.Abandon;
    private static volatile bool hasWorkToSave; // then an interrupted program waits until it is saved
    private static volatile string lastWords = "stopped";

    /// <summary>Cancelled when the work should stop.</summary>
    public static CancellationToken Token => Source.Token;

    /// <summary>The program's exit code after a signal: 128 plus the signal's number; 0 if there was none.</summary>
    public static int ExitCode => exitCode;

    /// <summary>Installs the signal handlers.</summary>
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

    /// <summary>From now on the work reacts to cancellation, so only a second signal ends the program before it.</summary>
    public static void WaitForExit() => endsByItself = true;

    /// <summary>Adds something to do before the program ends without waiting for the work.</summary>
    public static void WhenLeft(Action tidy) => leaving += tidy;

    /// <summary>Sets the note to print if the program ends without waiting for the work.</summary>
    public static void Say(string whenLeft) => lastWords = whenLeft;

    /// <summary>Wraps the display of a run's events, and tracks whether there is something to save.</summary>
    public static Action<TrainingEvent> Minding(Action<TrainingEvent> show) => happened =>
    {
        hasWorkToSave = happened is DataReady || (hasWorkToSave && happened is not (RunStopped or RunDone));
        lastWords = happened is RunStopped ? "" : lastWords; // the event itself is message enough
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
            ExitImmediately(exitCode); // libraries' exit handlers may wait for threads that should not be waited for
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitImmediately(int code);
}
