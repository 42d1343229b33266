using System.Text.Json;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class PredictCommandTests(TrainedRun run) : IDisposable
{
    private const string Model = $"{TrainedRun.Out}/model.onnx";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TableNamesEveryPictureAndCounts()
    {
        var outcome = Predict("pictures/normal", "pictures/coco");

        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(30 + 36 + 2, outcome.Lines.Length);
        Assert.All(outcome.Lines[..66], line =>
            Assert.Matches(
            @"\A(accepted|rejected)    [ -]?\d\.\d{3,6}  (closer|farther) than (all|\d+ of 100) +pictures.(normal|coco).\S+\z", line));
        Assert.Equal($"66 pictures: {Count("accepted")} accepted, {Count("rejected")} rejected", outcome.Lines[66]);
        Assert.Matches(
            @"\AAccepted from a cosine of -?\d\.\d{4} on\. ""Closer than"" counts the subject\'s photos that set this threshold\.\z",
            outcome.Lines[67]);

        int Count(string verdict) => outcome.Lines.Count(line => line.StartsWith(verdict, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--run", TrainedRun.Out)]
    [InlineData("--model", Model)]
    public void RunAndFilePlacePicturesAmongTheSubjectsPhotosByTheTableOfGateJson(string option, string gate)
    {
        _ = run.Exported;
        var table = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(run.PathOf("gate.json")))
            .GetProperty("calibrationSimilarities").EnumerateArray().Select(cosine => cosine.GetSingle()).ToArray();
        var json = run.Run("predict", option, gate, "pictures/coco", "--json", "--threads", "2");

        Assert.Equal((101, 36), (table.Length, json.Lines.Length));
        Assert.All(json.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)), line => Assert.Equal(
            table.Count(cosine => cosine < line.GetProperty("similarity").GetSingle()) / 101d, line.GetProperty("closerThan").GetDouble(),
            6e-4));
    }

    [Fact]
    public void BlackPictureGetsItsOwnWordBesideTheVerdict()
    {
        folder.Write("black.pgm", [.. "P5 40 30 255\n"u8, .. new byte[40 * 30]]);
        var black = folder.PathOf("black.pgm");

        var (table, json, csv) = (Predict(black), Predict(black, "--json"), Predict(black, "--csv"));

        Assert.Matches(@"\A(accepted|rejected) .*black\.pgm: too dark to tell\z", table.Lines[0]);
        Assert.EndsWith("; nobody could tell what 1 of them shows", table.Lines[1], StringComparison.Ordinal);
        Assert.Equal("too dark to tell", JsonSerializer.Deserialize<JsonElement>(json.Lines[0]).GetProperty("doubt").GetString());
        Assert.EndsWith(",too dark to tell", csv.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void ExportedFileDecidesAsTheRun()
    {
        const double Tolerance = 4e-3; // one pixel in 25,000 rounds differently in the graph, and features of random weights amplify it
        var (exported, trained) = (Json("--model", Model), Json("--run", TrainedRun.Out));
        var threshold = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(run.PathOf("gate.json"))).GetProperty("threshold")
            .GetSingle();

        Assert.Equal(trained.Select(Name), exported.Select(Name));
        Assert.All(exported.Zip(trained), pair =>
            Assert.True(Accepted(pair.First) == Accepted(pair.Second) || IsAtTheThreshold(pair.Second), Name(pair.Second)));
        Assert.Equal([false, true], exported.Select(Accepted).Distinct().Order());
        Assert.All(exported.Zip(trained), pair => Assert.Equal(Similarity(pair.First), Similarity(pair.Second), Tolerance));

        bool IsAtTheThreshold(JsonElement line) => Math.Abs(Similarity(line) - threshold) < Tolerance;

        JsonElement[] Json(string option, string gate)
        {
            _ = run.Exported;
            var outcome = run.Run("predict", option, gate, "pictures/normal", "pictures/coco", "--json", "--threads", "2");
            return [.. outcome.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        }
    }

    [Fact]
    public void AllAcceptedIsExitCode0()
    {
        var accepted = Predict("pictures/normal", "--csv").Lines.Skip(1).Select(line => line.Split(','))
            .First(fields => fields[2] == "true")[0];

        Assert.Equal(0, Predict(accepted).ExitCode);
    }

    [Fact]
    public void CsvHasAHeaderAndQuotesNames()
    {
        var source = Directory.GetFiles(Path.Combine(run.Work, "pictures", "normal")).Order(StringComparer.Ordinal).First();
        File.Copy(source, folder.PathOf("a, \"b\".jpg"));
        folder.Write("broken.jpg");

        var outcome = Predict(folder.Root, "--csv");

        Assert.Equal("file,similarity,accepted,error,closerThan,doubt", outcome.Lines[0]);
        Assert.Matches(@"\A"".*a, """"b""""\.jpg"",-?\d\.\d+,(true|false),,[\d.]+,\z", outcome.Lines[1]);
        Assert.Matches(@"broken\.jpg,,,the file is empty,,\z", outcome.Lines[2]);
        Assert.Equal(3, outcome.Lines.Length);
    }

    [Fact]
    public void UnreadablePictureIsNamedAndTheOthersAreJudged()
    {
        folder.Write("broken.jpg", "<html>gone</html>"u8);

        var outcome = Predict(Path.Combine(folder.Root, "broken.jpg"), "pictures/coco", "--json");

        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(37, outcome.Lines.Length);
        Assert.Matches("""\A\{"file":".*broken\.jpg","error":"not a picture.*"\}\z""", outcome.Lines[0]);
        Assert.Matches("""\A\{"file":".*","similarity":-?[\d.E-]+,"accepted":(true|false),"closerThan":[\d.]+\}\z""", outcome.Lines[1]);
    }

    [Fact]
    public void CopiesSortAFolderAndOverwriteNothing()
    {
        string[] sort = ["pictures/normal", "pictures/coco", "--copy-accepted", folder.PathOf("yes"), "--copy-rejected",
            folder.PathOf("no"), "--csv"];

        var accepted = Predict(sort).Lines.Count(line => line.Split(',')[2] == "true");
        Assert.Equal((accepted, 66 - accepted), (Files("yes"), Files("no")));
        var other = Directory.GetFiles(folder.PathOf("no"))[0];
        File.WriteAllText(other, "another picture of that name");
        Predict(sort); // existing files aren't copied again

        Assert.Equal((accepted, 66 - accepted + 1), (Files("yes"), Files("no")));
        Assert.Equal("another picture of that name", File.ReadAllText(other));

        int Files(string name) =>
            Directory.Exists(Path.Combine(folder.Root, name))
            ? Directory.GetFiles(Path.Combine(folder.Root, name), "*", SearchOption.AllDirectories).Length : 0;
    }

    [Fact]
    public void CopiesNeverGoWhereTheyWouldBeJudgedNextTime()
    {
        var outcome = Predict("pictures/normal", "--copy-rejected", "pictures/normal/rejected");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("error: --copy-rejected pictures/normal/rejected is in 'pictures/normal', so the copies would be judged as well the "
            + "next time. Name a folder outside it.\n", outcome.Error);
    }

    [Fact]
    public void ExportedFileNeedsNoLibtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Asks glibc's loader.");
        _ = run.Exported;

        var outcome = TrainerProcess.Run(
            run.Work, ["predict", "--model", Model, "pictures/normal", "--threads", "2"], ("LD_DEBUG", "files"));

        Assert.Contains("libonnxruntime", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("libtorch", outcome.Error, StringComparison.OrdinalIgnoreCase);
    }

    private Outcome Predict(params IEnumerable<string> arguments)
    {
        _ = run.Exported;
        return run.Run(["predict", "--model", Model, "--threads", "2", .. arguments]);
    }

    private static string? Name(JsonElement line) => line.GetProperty("file").GetString();

    private static bool Accepted(JsonElement line) => line.GetProperty("accepted").GetBoolean();

    private static double Similarity(JsonElement line) => line.GetProperty("similarity").GetDouble();
}
