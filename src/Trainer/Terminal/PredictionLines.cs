using System.Text.Json;
using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Terminal;

/// <summary>Prints a gate's results for pictures, each as soon as it is known.</summary>
internal abstract class PredictionLines
{
    /// <summary>For people.</summary>
    /// <param name="threshold">From which pictures are accepted.</param>
    /// <param name="nearness">Where they lie among the subject's photos, where that is known.</param>
    public static PredictionLines Table(float threshold, Nearness? nearness) => new TableLines(threshold, nearness);

    /// <summary>A JSON object a line.</summary>
    /// <param name="nearness">As in the table.</param>
    public static PredictionLines Json(Nearness? nearness) => new JsonLines(nearness);

    /// <summary>Comma-separated values.</summary>
    public static PredictionLines Csv() => new CsvLines();

    /// <param name="judgement">Null when the picture could not be read.</param>
    /// <param name="error">Then the reason.</param>
    public abstract void Add(string file, Judgement? judgement, string? error);

    /// <summary>Called after the last picture.</summary>
    public virtual void End()
    {
    }

    private static string Number(float similarity) => similarity.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class TableLines(float threshold, Nearness? nearness) : PredictionLines
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
            Screen.Line($"{(known.Accepted ? "[green]accepted[/]  " : "[red]rejected[/]  ")}  {CosineText.Of(known.Similarity, threshold),6}  {(nearness is null ? "" : $"{nearness.Say(known.Similarity),-21}  ")}{Screen.Escape(file)}");
        }

        public override void End()
        {
            Screen.Line($"{Counted.Of(accepted + rejected + unreadable, "picture")}: {accepted} accepted, {rejected} rejected{(unreadable > 0 ? $", {unreadable} unreadable" : "")}");
            Screen.Line($"Accepted from a cosine of {CosineText.Of(threshold, decimals: 4)} on.{(nearness is null ? "" : " \"Closer than\" counts the subject's photos that the gate was made from.")}");
        }
    }

    private sealed class JsonLines(Nearness? nearness) : PredictionLines
    {
        public override void Add(string file, Judgement? judgement, string? error) => Console.WriteLine(judgement is { } known
            ? Of(file, float.IsFinite(known.Similarity) ? known.Similarity : null, known.Accepted)
            : JsonSerializer.Serialize(new { file, error }, Core.Platform.Json.Line));

        private string Of(string file, float? similarity, bool accepted) => nearness is null || similarity is null
            ? JsonSerializer.Serialize(new { file, similarity, accepted }, Core.Platform.Json.Line)
            : JsonSerializer.Serialize(new { file, similarity, accepted, closerThan = nearness.Share(similarity.Value) }, Core.Platform.Json.Line);
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
