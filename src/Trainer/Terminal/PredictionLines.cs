using System.Globalization;
using System.Text.Json;
using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Scoring;
using Trainer.Core.Wording;

namespace Trainer.Terminal;

/// <summary>Prints a gate's results for pictures, each as soon as it is known.</summary>
internal abstract class PredictionLines
{
    private const int ShareDecimals = 3;

    /// <summary>For people.</summary>
    /// <param name="threshold">From which pictures are accepted.</param>
    public static PredictionLines Table(float threshold) => new TableLines(threshold);

    /// <summary>A JSON object a line.</summary>
    public static PredictionLines Json() => new JsonLines();

    /// <summary>Comma-separated values.</summary>
    public static PredictionLines Csv() => new CsvLines();

    /// <summary>Tells of the next picture.</summary>
    public abstract void Add(string file, ScoredPicture picture);

    /// <summary>Called after the last picture.</summary>
    public virtual void End()
    {
    }

    private sealed class TableLines(float threshold) : PredictionLines
    {
        private int accepted, rejected, unreadable, doubted;
        private bool areNear;

        public override void Add(string file, ScoredPicture picture)
        {
            if (picture.Judgement is not { } known)
            {
                unreadable++;
                Screen.Line($"[yellow]unreadable[/]          {Screen.Escape(file)}: {Screen.Escape(picture.Error ?? "")}");
                return;
            }

            _ = known.Accepted ? accepted++ : rejected++;
            doubted += picture.Doubt is null ? 0 : 1;
            areNear |= known.CloserThan is not null;
            var near = known.CloserThan is { } share ? $"{Nearness.Say(share),-21}  " : "";
            var doubt = picture.Doubt is null ? "" : $": [yellow]{picture.Doubt}[/]";
            Screen.Line(
                $"{(known.Accepted ? "[green]accepted[/]  " : "[red]rejected[/]  ")}  {CosineText.Of(known.Similarity, threshold),6}  "
                + $"{near}{Screen.Escape(file)}{doubt}");
        }

        public override void End()
        {
            Screen.Line(
                $"{Counted.Of(accepted + rejected + unreadable, "picture")}: {accepted} accepted, {rejected} "
                + $"rejected{(unreadable > 0 ? $", {unreadable} unreadable" : "")}{(doubted > 0 ? $"; nobody could tell what {doubted} of them show{(doubted == 1 ? "s" : "")}" : "")}");
            Screen.Line(
                $"Accepted from a cosine of {CosineText.Of(threshold, decimals: 4)} "
                + $"on.{(areNear ? " \"Closer than\" counts the subject's photos that set this threshold." : "")}");
        }
    }

    private sealed class JsonLines : PredictionLines
    {
        public override void Add(string file, ScoredPicture picture)
        {
            var line = new Dictionary<string, object?> { ["file"] = file };
            if (picture.Judgement is not { } known)
            {
                line["error"] = picture.Error;
            }
            else
            {
                line["similarity"] = float.IsFinite(known.Similarity) ? known.Similarity : null;
                line["accepted"] = known.Accepted;
                AddKnown(line, "closerThan",
                    float.IsFinite(known.Similarity) && known.CloserThan is { } share ? Math.Round(share, ShareDecimals) : null);
                AddKnown(line, "doubt", picture.Doubt);
            }

            Console.WriteLine(JsonSerializer.Serialize(line, Core.Platform.Json.Line));
        }

        /// <summary>Leaves out what isn't known.</summary>
        private static void AddKnown(Dictionary<string, object?> line, string name, object? value)
        {
            if (value is not null)
            {
                line[name] = value;
            }
        }
    }

    private sealed class CsvLines : PredictionLines
    {
        public CsvLines() => Console.WriteLine("file,similarity,accepted,error,closerThan,doubt");

        public override void Add(string file, ScoredPicture picture) => Console.WriteLine(picture.Judgement is { } known
            ? $"{Field(file)},{Number(known.Similarity, "R")},{(known.Accepted ? "true" : "false")},,{Number(known.CloserThan, "0.###")},{picture.Doubt}"
            : $"{Field(file)},,,{Field(picture.Error ?? "")},,");

        private static string Number(IFormattable? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "";

        private static string Field(string text) =>
            text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
