using Spectre.Console;

namespace Trainer.Terminal.Results;

/// <summary>A table with names aligned to the left, figures aligned to the right under their headings, and no lines.</summary>
internal sealed class ResultTable
{
    /// <summary>Marks the heading of a column of figures.</summary>
    public const char Right = '>';

    private const int Gap = 2;
    private const int WidestLine = 10_000;

    private readonly Table table = new() { Border = TableBorder.None };
    private readonly string[] headings;
    private readonly List<string[]> rows = [];

    /// <param name="columns">Headings; those that begin with <see cref="Right"/> are over figures.</param>
    public ResultTable(params string[] columns)
    {
        headings = [.. columns.Select(column => Screen.Escape(column.TrimStart(Right)))];
        foreach (var (heading, column) in headings.Zip(columns))
        {
            table.AddColumn(new TableColumn($"[bold]{heading}[/]")
            {
                Alignment = column.StartsWith(Right) ? Justify.Right : Justify.Left,
                NoWrap = true,
                Padding = new Padding(0, 0, Gap, 0),
            });
        }

        table.Columns[^1].Padding = new Padding(0, 0, 0, 0);
    }

    /// <param name="cells">One cell for each column, with Spectre's markup.</param>
    public void Add(params string[] cells)
    {
        rows.Add(cells);
        table.AddRow(cells);
    }

    /// <summary>Prints the table with a line for each row, or with a paragraph for each row if the screen is too narrow.</summary>
    public void Print()
    {
        var lines = Plain();
        if (lines.Max(line => line.Length) > Screen.Width)
        {
            rows.ForEach(PrintParagraph);
        }
        else if (Screen.IsPlain)
        {
            Array.ForEach(lines, Console.WriteLine);
        }
        else
        {
            AnsiConsole.Write(table);
        }
    }

    private void PrintParagraph(string[] cells)
    {
        Screen.Line($"[bold]{cells[0]}[/]");
        Screen.Line(string.Join(
            ", ", cells.Zip(headings).Skip(1).Where(cell => cell.First.Length > 0).Select(cell => $"{cell.Second} {cell.First}".Trim())),
            indent: Gap);
    }

    /// <summary>The lines for a file, without colours and trailing spaces.</summary>
    private string[] Plain()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = WidestLine;
        console.Write(table);
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd())];
    }
}
