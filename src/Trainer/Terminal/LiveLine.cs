using System.Diagnostics;
using System.Globalization;
using Spectre.Console.Rendering;

namespace Trainer.Terminal;

/// <summary>
/// The last line of the terminal, rewritten in place: a progress bar and as much text as fits. Lines printed meanwhile appear above it.
/// </summary>
internal sealed class LiveLine
{
    private const string Clear = "\r\u001b[2K";
    private const int WideBar = 20;
    private const int NarrowBar = 10;
    private const int Narrow = 80;
    private static readonly Lock Terminal = new();
    private static LiveLine? drawn; // the line that is shown now
    private readonly Stopwatch clock = new();
    private string working = "";
    private string shown = "";
    private long nextDraw;

    /// <summary>Shows work that counts pictures, with its rate and the time left.</summary>
    public void Count(string what, int done, int total, string unit = "pictures")
    {
        if (what != working)
        {
            working = what;
            clock.Restart();
            nextDraw = 0;
        }

        var rate = done / Math.Max(clock.Elapsed.TotalSeconds, 0.001);
        string[] rest = clock.ElapsedMilliseconds < 500 || done == 0 ? []
            : [$"{Screen.Time((total - done) / rate)} left", Invariant($"{rate:f0} {unit}/s")];
        Show((double)done / Math.Max(total, 1), [what, Invariant($"{done}/{total}"), .. rest]);
    }

    /// <summary>Draws the bar and the text that fits after it, at most ten times a second.</summary>
    /// <param name="share">Share that is done, 0 to 1.</param>
    /// <param name="parts">Parts of the text, the most important first.</param>
    public void Show(double share, params IEnumerable<string> parts)
    {
        if (Environment.TickCount64 < nextDraw)
        {
            return;
        }

        nextDraw = Environment.TickCount64 + 100;
        lock (Terminal)
        {
            shown = Fit(share, parts, Math.Max(Console.WindowWidth, 20) - 1);
            drawn = this;
            Console.Write(Clear + shown);
        }
    }

    /// <summary>
    /// Writes lines in place of the live line, which is drawn again with its next step. Can be called from another thread, such as a signal
    /// handler.
    /// </summary>
    public static void Interrupt(Action write)
    {
        lock (Terminal)
        {
            drawn?.Hide();
            write();
        }
    }

    /// <summary>Clears the line so that another can be printed; the next <see cref="Show"/> draws it again.</summary>
    public void Hide()
    {
        lock (Terminal)
        {
            if (shown.Length > 0)
            {
                Console.Write(Clear);
                shown = "";
                nextDraw = 0;
            }
        }
    }

    /// <summary>The line, never wider than <paramref name="width"/> cells, because a wrapped line could not be cleared.</summary>
    internal static string Fit(double share, IEnumerable<string> parts, int width)
    {
        var cells = width < Narrow ? NarrowBar : WideBar;
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * cells);
        var line = Invariant($"{new string('━', full)}{new string('╌', cells - full)} {100 * Math.Clamp(share, 0, 1),3:f0} %");
        foreach (var part in parts)
        {
            var longer = $"{line}  {part}";
            if (new Segment(longer).CellCount() > width)
            {
                break;
            }

            line = longer;
        }

        return line;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
