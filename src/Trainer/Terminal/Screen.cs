using Spectre.Console;

namespace Trainer.Terminal;

/// <summary>The only place that writes to the terminal: results to standard output, everything else to standard error.</summary>
internal static class Screen
{
    private static readonly IAnsiConsole Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>True when a person is watching: bars may be drawn and lines rewritten.</summary>
    public static bool IsLive => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>A line of result, with Spectre's markup. Never wrapped when it goes to a file.</summary>
    public static void Line(string markup = "")
    {
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine(Markup.Remove(markup));
        }
        else
        {
            AnsiConsole.MarkupLine(markup);
        }
    }

    /// <summary>Something worth knowing that is no result.</summary>
    public static void Note(string text) => Aside("yellow", "note", text);

    /// <summary>Why the program ends.</summary>
    public static void Error(string text) => Aside("red", "error", text);

    /// <summary>Makes text safe inside markup.</summary>
    public static string Escape(string text) => Markup.Escape(text);

    /// <summary>Runs work with a bar that its callback moves; without one when nobody watches.</summary>
    /// <param name="total">What the callback reaches at the end.</param>
    public static T Progress<T>(string title, int total, bool quiet, Func<Action<int>, T> work)
    {
        if (quiet || !IsLive)
        {
            return work(_ => { });
        }

        return AnsiConsole.Progress().AutoClear(true).Columns(Columns).Start(context =>
        {
            var bar = context.AddTask(title, maxValue: Math.Max(total, 1));
            return work(done => bar.Value = done);
        });
    }

    /// <summary>What every bar shows.</summary>
    public static ProgressColumn[] Columns =>
        [new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn()];

    private static void Aside(string colour, string kind, string text)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine($"{kind}: {text}"); // a log's lines are not to be wrapped
        }
        else
        {
            Errors.MarkupLine($"[{colour}]{kind}:[/] {Markup.Escape(text)}");
        }
    }
}
