using System.Text.Json;
using Trainer.Core.Runs.Options;
using Trainer.Core.Wording;

namespace Trainer.Core.Reporting.Pages;

/// <summary>The run's options, versions and timings.</summary>
internal static class RunDetails
{
    private static readonly string[] Paths = ["normal", "coco", "validNormal", "validCoco", "out", "weights"];

    public static Html Of(RunReport report) => Html.Of(
        $"""
        <div class="columns"><div><h3>Time and versions</h3>
        {List(Facts(report))}</div>
        <div><h3>Options</h3>
        {List(Options(report.Record.Options))}</div></div>
        """);

    /// <summary>Each option's resolved value. Paths are shortened to their last part.</summary>
    internal static IEnumerable<(string Name, string Value)> Options(SavedOptions options) =>
        options.All.Where(option => option.Value is not null).Select(option => (
            $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(option.Key)}",
            Paths.Contains(option.Key) ? Words.Path(option.Value!.ToString()) : option.Value!.ToString())); // not null, as filtered above

    internal static IEnumerable<(string Name, string Value)> Facts(RunReport report) =>
    [
        ("training",
            $"{Words.Time(report.History.Seconds)}{(double.IsFinite(report.History.ImagesPerSecond) ? FormattableString.Invariant($", {report.History.ImagesPerSecond:f0} pictures a second") : "")}"),
        ("on", $"{report.Record.Device}, {Counted.Of(report.Record.Threads, "thread")}"),
        ("start weights", Words.Path(report.Record.StartWeights)),
        ("gate of epoch", FormattableString.Invariant($"{report.BestEpoch + 1} of {report.Record.Options.Epochs}")),
        ("trainer", report.Record.Trainer),
        ("TorchSharp", report.Record.TorchSharp),
        ("libtorch", report.Record.Libtorch),
        ("data fingerprint", report.Record.DataFingerprint),
    ];

    private static Html List(IEnumerable<(string Name, string Value)> pairs) =>
        Html.Of($"<dl>{pairs.Select(pair => Html.Of($"<dt>{pair.Name}</dt><dd><bdi>{pair.Value}</bdi></dd>"))}</dl>");
}
