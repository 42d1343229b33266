using Spectre.Console;
using Trainer.Core.Ranks;

namespace Trainer.Terminal;

/// <summary>What people read: results to standard output, everything else to standard error.</summary>
internal static class Screen
{
    private static readonly IAnsiConsole Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Set once, before anything is written: results, notes and errors only.</summary>
    public static bool Quiet { get; set; }

    /// <summary>
    /// True when results go to a file or a program. Open MPI gives each rank a terminal of its own, wherever the launcher's output goes, so a rank never
    /// writes to a terminal.
    /// </summary>
    public static bool IsPlain { get; } = Console.IsOutputRedirected || Launcher.Ranks is not null;

    /// <summary>True when a person is watching: bars may be drawn and lines rewritten.</summary>
    public static bool IsLive => !Quiet && !IsPlain && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>Cells in a line of results; a file's lines have no end.</summary>
    public static int Width => IsPlain ? int.MaxValue : AnsiConsole.Profile.Width;

    /// <summary>A line of result, with Spectre's markup. Never wrapped when it goes to a file.</summary>
    /// <param name="indent">Spaces before it, and before each line that it is wrapped into.</param>
    public static void Line(string markup = "", int indent = 0)
    {
        if (IsPlain)
        {
            Console.WriteLine(new string(' ', indent) + Markup.Remove(markup));
        }
        else if (indent == 0)
        {
            AnsiConsole.MarkupLine(markup);
        }
        else
        {
            AnsiConsole.Write(new Padder(new Markup(markup), new Padding(indent, 0, 0, 0)));
        }
    }

    /// <summary>Something worth knowing that is no result.</summary>
    public static void Note(string text) => Aside("yellow", "note", text);

    /// <summary>Why the program ends.</summary>
    public static void Error(string text) => Aside("red", "error", text);

    /// <summary>Makes text safe inside markup.</summary>
    public static string Escape(string text) => Markup.Escape(text);

    /// <summary>"40 s", "3 min 20 s", "2 h 5 min".</summary>
    public static string Time(double seconds)
    {
        var whole = (long)Math.Round(seconds);
        return whole switch
        {
            < 60 => $"{whole} s",
            < 3600 => $"{whole / 60} min {whole % 60} s",
            _ => $"{whole / 3600} h {whole % 3600 / 60} min",
        };
    }

    /// <summary>Runs work with a bar that its callback moves; without one when nobody watches.</summary>
    /// <param name="total">What the callback reaches at the end.</param>
    /// <param name="silent">No bar in any case: standard output is for a program.</param>
    public static T Progress<T>(string title, int total, bool silent, Func<Action<int>, T> work)
    {
        if (silent || !IsLive)
        {
            return work(_ => { });
        }

        var line = new LiveLine();
        try
        {
            return work(done => line.Count(title, done, total));
        }
        finally
        {
            line.Hide();
        }
    }

    private static void Aside(string colour, string kind, string text) => LiveLine.Interrupt(() =>
    {
        if (Console.IsErrorRedirected || IsPlain)
        {
            Console.Error.WriteLine($"{kind}: {text}"); // a log's lines are not to be wrapped
        }
        else
        {
            Errors.MarkupLine($"[{colour}]{kind}:[/] {Markup.Escape(text)}");
        }
    });
}
