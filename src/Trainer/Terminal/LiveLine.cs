namespace Trainer.Terminal;

/// <summary>The last line of the terminal, rewritten in place; lines printed meanwhile go above it.</summary>
internal sealed class LiveLine
{
    private const string Clear = "\r\u001b[2K";
    private const int BarWidth = 20;
    private string shown = "";
    private long nextDraw;

    /// <summary>Draws the bar and the text, at most ten times a second.</summary>
    /// <param name="share">Done, 0 to 1.</param>
    public void Show(double share, string text)
    {
        if (Environment.TickCount64 < nextDraw)
        {
            return;
        }

        nextDraw = Environment.TickCount64 + 100;
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        var line = $"{new string('━', full)}{new string('╌', BarWidth - full)} {share,4:p0}  {text}";
        shown = line[..Math.Min(line.Length, Math.Max(Console.WindowWidth - 1, 20))];
        Console.Write(Clear + shown);
    }

    /// <summary>Takes the line away so that another can be printed; the next <see cref="Show"/> draws it again.</summary>
    public void Hide()
    {
        if (shown.Length > 0)
        {
            Console.Write(Clear);
            shown = "";
            nextDraw = 0;
        }
    }
}
