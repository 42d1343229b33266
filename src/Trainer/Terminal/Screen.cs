using Spectre.Console;
using Trainer.Core.Ranks;

namespace Trainer.Terminal;

/// <summary>Text for people: results go to standard output, everything else to standard error.</summary>
internal static class Screen
{
    private static readonly IAnsiConsole Errors =
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>True to print only results, notes and errors; set once before anything is written.</summary>
    public static bool Quiet { get; set; }

    /// <summary>
    /// True if results go to a file or a program. Open MPI gives each rank its own terminal, wherever the launcher's output goes, so a rank
    /// never writes to a terminal.
    /// </summary>
    public static bool IsPlain { get; } = Console.IsOutputRedirected || Launcher.Ranks is not null;

    /// <summary>True if output goes to a terminal, where bars can be drawn and lines rewritten.</summary>
    public static bool IsLive => !Quiet && !IsPlain && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>Width of a line of results in cells; unlimited in a file.</summary>
    public static int Width => IsPlain ? int.MaxValue : AnsiConsole.Profile.Width;

    /// <summary>Prints a line of results with Spectre's markup. It isn't wrapped in a file.</summary>
    /// <param name="indent">Number of spaces before each line, also after wrapping.</param>
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

    /// <summary>Prints something worth knowing that isn't a result.</summary>
    public static void Note(string text) => Aside("yellow", "note", text);

    /// <summary>Prints the error that ends the program.</summary>
    public static void Error(string text) => Aside("red", "error", text);

    /// <summary>Escapes text for use in markup.</summary>
    public static string Escape(string text) => Markup.Escape(text);

    /// <summary>A duration in the form "40 s", "3 min 20 s" or "2 h 5 min".</summary>
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

    /// <summary>Runs work with a progress bar that its callback moves; without a bar if output isn't a terminal.</summary>
    /// <param name="total">The value that the callback reaches at the end.</param>
    /// <param name="silent">True for no bar, because another program reads standard output.</param>
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
            Console.Error.WriteLine($"{kind}: {text}"); // not wrapped, as suits a log
        }
        else
        {
            Errors.MarkupLine($"[{colour}]{kind}:[/] {Markup.Escape(text)}");
        }
    });
}
