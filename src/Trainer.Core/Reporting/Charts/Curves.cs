using Trainer.Core.Runs.Files;

namespace Trainer.Core.Reporting.Charts;

/// <summary>The training curves of one or several runs.</summary>
internal static class Curves
{
    /// <summary>The curves of one run: loss, learning rate, validation means and AUROC.</summary>
    /// <param name="bestEpoch">Epoch of the run's gate, 0-based.</param>
    public static Html Of(TrainingHistory history, int bestEpoch)
    {
        var validations = history.Validations;
        var epochs = Epochs(history);
        return Html.Of(
            $"<div class=\"curves\">{Loss(history, epochs)}{Rate(history, epochs)}{Means(validations, epochs, bestEpoch)}{Area(validations, epochs, bestEpoch)}</div>");
    }

    /// <summary>Loss and AUROC of several runs in the same charts.</summary>
    public static Html Of(IReadOnlyList<TrainingHistory> histories)
    {
        var epochs = histories.Select(Epochs).MaxBy(axis => axis.High)!; // not null, because there is at least one run
        var loss = new Plot(epochs, Axis.Over("", histories.SelectMany(h => h.Epochs).Select(e => e.Loss)));
        var area = new Plot(epochs, Auroc(histories.SelectMany(h => h.Validations)));
        for (var i = 0; i < histories.Count; i++)
        {
            loss.Line(histories[i].Epochs.Select(e => (e.Epoch + 1.0, e.Loss)), i);
            area.Line(histories[i].Validations.Select(v => (v.Epoch + 1.0, v.Auroc)), i);
            foreach (var v in histories[i].Validations)
            {
                area.Dot(v.Epoch + 1, v.Auroc, i, "spot");
            }
        }

        return Html.Of(
            $"<div class=\"curves\">{Figure("Loss", "mean of each epoch", loss, Html.None)}{Figure("AUROC on calibration pictures", "1 is perfect", area, Html.None)}</div>");
    }

    private static Axis Auroc(IEnumerable<ValidationLine> validations) => Axis.Over("", validations.Select(v => v.Auroc).Concat([0.9, 1]));

    private static Axis Epochs(TrainingHistory history)
    {
        var last = Math.Max(
            history.Epochs.Select(e => e.Epoch + 1).Concat(history.Validations.Select(v => v.Epoch + 1)).DefaultIfEmpty(1).Max(), 1);
        return Axis.Over("epoch", [0, last]) with { High = last };
    }

    private static Html Loss(TrainingHistory history, Axis epochs)
    {
        var steps = history.Steps.Select(s => (s.Epoch + ((s.StepInEpoch + 1.0) / s.StepsInEpoch), s.Loss)).ToArray();
        var plot = new Plot(epochs, Axis.Over("", history.Epochs.Select(e => e.Loss).Concat(steps.Select(s => s.Loss)).Append(0)));
        plot.Line(steps, 0, "faint");
        plot.Line(history.Epochs.Select(e => (e.Epoch + 1.0, e.Loss)), 0);
        return Figure("Loss", "what training minimises; one of every ten steps, and the mean of each epoch", plot, Html.Of(
            $"<p>From {Words.Figure(history.Epochs is [var first, ..] ? first.Loss : double.NaN)} in the first epoch to "
                + $"{Words.Figure(history.Epochs is [.., var last] ? last.Loss : double.NaN)} in the last.</p>"));
    }

    private static Html Rate(TrainingHistory history, Axis epochs)
    {
        var steps = history.Steps.Select(s => (s.Epoch + ((s.StepInEpoch + 1.0) / s.StepsInEpoch), 1000 * s.LearningRate)).ToArray();
        var plot = new Plot(epochs, Axis.Over("", steps.Select(s => s.Item2).Append(0)));
        plot.Line(steps, 0);
        return Figure("Learning rate", "in thousandths; how large each update is", plot, Html.Of(
            $"<p>The highest is {history.Steps.Select(s => s.LearningRate).DefaultIfEmpty(double.NaN).Max():0.######}.</p>"));
    }

    private static Html Means(IReadOnlyList<ValidationLine> validations, Axis epochs, int best)
    {
        var plot = new Plot(
            epochs, Axis.Over(
            "", validations.SelectMany(
            v => new[] { v.Normals.Percentile5, v.Normals.Percentile95, v.Negatives.Percentile5, v.Negatives.Percentile95, 1 })));
        plot.Upright(best + 1, "best");
        plot.Band([.. validations.Select(v => (v.Epoch + 1.0, v.Normals.Percentile5, v.Normals.Percentile95))], 0);
        plot.Band([.. validations.Select(v => (v.Epoch + 1.0, v.Negatives.Percentile5, v.Negatives.Percentile95))], 1);
        plot.Line(validations.Select(v => (v.Epoch + 1.0, v.Normals.Mean)), 0);
        plot.Line(validations.Select(v => (v.Epoch + 1.0, v.Negatives.Mean)), 1);
        foreach (var v in validations)
        {
            plot.Dot(v.Epoch + 1, v.Normals.Mean, 0, "spot");
            plot.Dot(v.Epoch + 1, v.Negatives.Mean, 1, "spot");
        }

        var key = Html.Of(
            $"<ul class=\"legend\"><li class=\"c0\">{Roc.Key(0)}subject</li><li class=\"c1\">{Roc.Key(1)}ordinary photos</li></ul>");
        return Figure("Cosines on calibration pictures", "means, and the range of 9 of 10", plot, key, Table(validations));
    }

    private static Html Area(IReadOnlyList<ValidationLine> validations, Axis epochs, int best)
    {
        var plot = new Plot(epochs, Auroc(validations));
        plot.Upright(best + 1, "best");
        plot.Line(validations.Select(v => (v.Epoch + 1.0, v.Auroc)), 0);
        foreach (var v in validations)
        {
            plot.Dot(v.Epoch + 1, v.Auroc, 0, "spot");
        }

        return Figure("AUROC on calibration pictures", "1 is perfect", plot,
            Html.Of($"<p>The gate comes from epoch {best + 1}, marked by the vertical line.</p>"));
    }

    private static Html Figure(string title, string what, Plot plot, Html caption, Html behind = default) => Html.Of(
        $"<figure class=\"chart\"><h3>{title}<small>{what}</small></h3>{plot.ToHtml("wide")}<figcaption>{caption}</figcaption>{behind}</figure>");

    private static Html Table(IEnumerable<ValidationLine> validations) => Html.Of(
        $"""
        <details class="behind"><summary>All validations as a table</summary><div class="scroll"><table><thead><tr><th scope="col">Epoch</th><th scope="col">Subject</th><th scope="col">Ordinary</th><th scope="col">AUROC</th><th scope="col">Threshold</th><th scope="col">Let through</th></tr></thead><tbody>{validations.Select(v => Html.Of($"<tr><th scope=\"row\">{v.Epoch + 1}</th><td>{Words.Figure(v.Normals.Mean)}</td><td>{Words.Figure(v.Negatives.Mean)}</td><td>{Words.Figure(v.Auroc)}</td><td>{Words.Figure(v.Threshold)}</td><td>{Words.Percent(v.FalseAcceptRate)}</td></tr>"))}</tbody></table></div></details>
        """);
}
