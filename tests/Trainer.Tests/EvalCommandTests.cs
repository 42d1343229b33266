using System.Globalization;
using System.Text.Json;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class EvalCommandTests(TrainedRun run)
{
    [Fact]
    public void TableShowsTheRunsOwnTestPart()
    {
        var outcome = Eval();

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"\Aset +pictures +cosine 5 % +50 % +95 % +AUROC ", outcome.Output);
        Assert.Matches(@"(?m)^normal +4 +", outcome.Output);
        Assert.Matches(@"(?m)^coco +5 +", outcome.Output);
        Assert.Matches(@"▲ accepted from -?\d\.\d{3} on", outcome.Output);
        Assert.DoesNotContain('\u001b', outcome.Output);
    }

    [Fact]
    public void JsonIsOneObjectOfTheKnownShape()
    {
        var outcome = Eval("--json");

        Assert.Equal(0, outcome.ExitCode);
        var result = JsonSerializer.Deserialize<JsonElement>(Assert.Single(outcome.Lines));
        Assert.InRange(result.GetProperty("threshold").GetDouble(), -1, 1);
        Assert.Equal([("normal", "normal", 4), ("coco", "negative", 5)], Sets(outcome).Select(Identity));
        foreach (var name in new[] { "cosineMean", "auroc", "fprAt95Tpr", "acceptRate" })
        {
            Assert.InRange(Sets(outcome)[1].GetProperty(name).GetDouble(), -1, 1);
        }

        Assert.Equal(JsonValueKind.Null, Sets(outcome)[0].GetProperty("auroc").ValueKind); // normals against themselves
    }

    [Fact]
    public void NamedSetsAreMeasuredBesideTheRunsOwnTestPart() => Assert.Equal(
        [("normal", "normal", 4), ("coco", "negative", 5), ("broad leaves", "negative", 8), ("all coco", "negative", 36)],
        Sets(Eval("--json", "--negative", "broad leaves=pictures/hard", "--negative", "all coco=pictures/coco")).Select(Identity));

    [Fact]
    public void OrdinaryPhotosThatAreGoneAreNotedAndTheNamedSetsMeasured()
    {
        using var folder = new TemporaryFolder();
        run.CopyTo(folder.PathOf("run"));
        var options = folder.PathOf("run/options.json");
        File.WriteAllText(options, File.ReadAllText(options).Replace("pictures/coco", "pictures/gone", StringComparison.Ordinal));

        var outcome = run.Run(
            "eval", "--run", folder.PathOf("run"), "--negative", "broad leaves=pictures/hard", "--json", "--threads", "2");

        Assert.StartsWith(
            "note: the run's own ordinary photos aren't measured: There is no folder 'pictures/gone'", outcome.Error,
            StringComparison.Ordinal);
        Assert.Equal([("normal", "normal", 4), ("broad leaves", "negative", 8)], Sets(outcome).Select(Identity));
    }

    [Fact]
    public void FoldersTakeThePlaceOfTheRunsOwn() => Assert.Equal(
        [("normal", "normal", 30), ("coco", "negative", 36)],
        Sets(Eval("--json", "--normal", "pictures/normal", "--coco", "pictures/coco")).Select(Identity));

    [Fact]
    public void ExportedModelGivesTheCheckpointsFigures()
    {
        Assert.Equal(0, run.Exported.ExitCode);
        // Excludes photos that the head was computed from, which the checkpoint judges by heads without them.
        string[] arguments = ["--json", "--normal", "pictures/hard", "--negative", "coco=pictures/coco"];

        var expected = Sets(Eval(arguments));
        var actual = Sets(Eval([.. arguments, "--model", "runs/normal/model.onnx"]));

        foreach (var (before, after) in expected.Zip(actual))
        {
            Assert.Equal(Identity(before), Identity(after));
            Assert.All(
                before.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Number),
                property => Assert.Equal(
                    property.Value.GetDouble(), after.GetProperty(property.Name).GetDouble(), Tolerance(property.Name)));
        }

        // The file resizes by itself, where a pixel in 25,000 rounds the other way: one picture of 36 may change its rank.
        static double Tolerance(string figure) => figure.StartsWith("cosine", StringComparison.Ordinal) ? 1e-3 : 0.03;
    }

    [Fact]
    public void BaselinesStandBesideTheGate()
    {
        var outcome = Eval("--baselines", "--negative", "broad leaves=pictures/hard");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"(?m)^set +gate  frozen, centroid +frozen, 5 nearest$", outcome.Output);
        Assert.Matches(
            @"(?m)^broad leaves +\d\.\d{3} +\d\.\d{3} \([+-]?\d\.\d{3} to [+-]?\d\.\d{3}\) +\d\.\d{3} \([+-]?\d\.\d{3} to [+-]?\d\.\d{3}\)$", outcome.Output);
        Assert.Matches(@"(?m)^(None of them is better|Better than the gate: )", outcome.Output);
    }

    [Fact]
    public void BrokenPicturesAreNamedAndCounted()
    {
        var broken = Path.Combine(run.Work, "with broken");
        Directory.CreateDirectory(broken);
        File.Copy(Path.Combine(run.Work, "pictures", "hard", "hard-0000.jpg"), Path.Combine(broken, "good.jpg"), overwrite: true);
        File.WriteAllText(Path.Combine(broken, "page.jpg"), "<!DOCTYPE html>");

        var outcome = Eval("--negative", "odd=with broken");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains($"note: skipped {Path.Combine(broken, "page.jpg")}: not a picture but a web page", outcome.Error,
            StringComparison.Ordinal);
        Assert.Matches(@"(?m)^odd +1 +", outcome.Output);
        Assert.Matches(@"(?m)^Skipped 1 picture that could not be read\.$", outcome.Output);
    }

    private Outcome Eval(params IEnumerable<string> arguments) =>
        run.Run(["eval", "--run", TrainedRun.Out, "--threads", "2", .. arguments]);

    private static JsonElement[] Sets(Outcome outcome) =>
        [.. JsonSerializer.Deserialize<JsonElement>(outcome.Output).GetProperty("sets").EnumerateArray()];

    private static (string Name, string Role, int Count) Identity(JsonElement set) => (
        set.GetProperty("name").ToString(),
        set.GetProperty("role").ToString(),
        int.Parse(set.GetProperty("count").ToString(), CultureInfo.InvariantCulture));
}
