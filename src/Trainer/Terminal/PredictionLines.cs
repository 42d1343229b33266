using System.Text.Json;
using Trainer.Core;
using Trainer.Core.Validation;

namespace Trainer.Terminal;

/// <summary>What a gate made of pictures, each told as soon as it is known.</summary>
internal abstract class PredictionLines
{
    /// <summary>For people.</summary>
    public static PredictionLines Table() => new TableLines();

    /// <summary>A JSON object a line.</summary>
    public static PredictionLines Json() => new JsonLines();

    /// <summary>Comma-separated values.</summary>
    public static PredictionLines Csv() => new CsvLines();

    /// <param name="judgement">Null when the picture could not be read.</param>
    /// <param name="error">Then the reason.</param>
    public abstract void Add(string file, Judgement? judgement, string? error);

    /// <summary>After the last picture.</summary>
    public virtual void End()
    {
    }

    private static string Number(float similarity) => similarity.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class TableLines : PredictionLines
    {
        private int accepted, rejected, unreadable;

        public override void Add(string file, Judgement? judgement, string? error)
        {
            if (judgement is not { } known)
            {
                unreadable++;
                Screen.Line($"[yellow]unreadable[/]          {Screen.Escape(file)}: {Screen.Escape(error ?? "")}");
                return;
            }

            _ = known.Accepted ? accepted++ : rejected++;
            Screen.Line($"{(known.Accepted ? "[green]accepted[/]  " : "[red]rejected[/]  ")}  {FormattableString.Invariant($"{known.Similarity,6:f3}")}  {Screen.Escape(file)}");
        }

        public override void End() => Screen.Line(
            $"{Counted.Of(accepted + rejected + unreadable, "picture")}: {accepted} accepted, {rejected} rejected{(unreadable > 0 ? $", {unreadable} unreadable" : "")}");
    }

    private sealed class JsonLines : PredictionLines
    {
        public override void Add(string file, Judgement? judgement, string? error) => Console.WriteLine(judgement is { } known
            ? JsonSerializer.Serialize(new { file, similarity = float.IsFinite(known.Similarity) ? known.Similarity : (float?)null, accepted = known.Accepted }, Core.Json.Line)
            : JsonSerializer.Serialize(new { file, error }, Core.Json.Line));
    }

    private sealed class CsvLines : PredictionLines
    {
        public CsvLines() => Console.WriteLine("file,similarity,accepted,error");

        public override void Add(string file, Judgement? judgement, string? error) => Console.WriteLine(judgement is { } known
            ? $"{Field(file)},{Number(known.Similarity)},{(known.Accepted ? "true" : "false")},"
            : $"{Field(file)},,,{Field(error ?? "")}");

        private static string Field(string text) =>
            text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
