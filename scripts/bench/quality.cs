#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
// scripts/bench/quality --normal DIR --coco DIR --test-normal DIR --test-coco DIR [--negative NAME=DIR]... [--subject NAME=DIR]... --out DIR
//                       [--recipes a,b,…] [--seeds 0,1,2] [-- options of trainer train for every run]
// --negative: what should be rejected; --subject: the subject in another setting, which should be accepted.
// A recipe is a file of recipes/: what differs from the defaults. What is in --out already is not run again, and seconds are those it took then.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (here, program) = (args[0], args[1]);
var own = args.Skip(2).TakeWhile(a => a != "--").ToArray();
var shared = args.Skip(2 + own.Length + 1).ToArray();
string[] All(string name) => [.. own.Index().Where(a => a.Item == name && a.Index + 1 < own.Length).Select(a => own[a.Index + 1])];
string Option(string name, string? otherwise = null) => All(name) is [var value, ..] ? value : otherwise ?? throw new ArgumentException($"{name} is missing.");
var folder = Directory.CreateDirectory(Option("--out")).FullName;
var recipes = Option("--recipes", "article,default").Split(',');
var seeds = Option("--seeds", "0,1").Split(',');
var (negatives, subjects) = (All("--negative"), All("--subject"));

var results = new List<Result>();
foreach (var (seed, recipe) in seeds.SelectMany(seed => recipes.Select(recipe => (seed, recipe))))
{
    results.Add(Measure(recipe, seed));
    Console.Error.WriteLine($"{recipe}, seed {seed}: {results[^1].Seconds:f0} s; "
        + string.Join(", ", results[^1].Sets.Select(s => double.IsNaN(s.Auroc) ? $"{s.Name} accepted {s.Accepted:f3}" : $"{s.Name} {s.Auroc:f4}")));
}

var sets = results[0].Sets;
string[] rejected = [.. sets.Where(s => !double.IsNaN(s.Auroc)).Select(s => s.Name)], accepted = [.. sets.Where(s => double.IsNaN(s.Auroc)).Select(s => s.Name)];
Console.WriteLine($"| recipe | seeds | {string.Join(" | ", rejected.Select(n => $"{n}: AUROC, FPR@95TPR, accepted"))} | {string.Join(" | ", accepted.Select(n => $"{n} accepted"))} | training |");
Console.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", 3 + sets.Length))}");
foreach (var recipe in recipes)
{
    var runs = results.Where(r => r.Recipe == recipe).ToArray();
    string Mean(string set, Func<Set, double> figure, string format) => runs.Average(r => figure(r[set])).ToString(format);
    string Spread(string set, Func<Set, double> figure, string format) => runs.Length < 2
        ? Mean(set, figure, format)
        : $"{Mean(set, figure, format)} ({runs.Min(r => figure(r[set])).ToString(format)} to {runs.Max(r => figure(r[set])).ToString(format)})";
    string[] cells =
    [
        recipe,
        runs.Length.ToString(),
        .. rejected.Select(n => $"{Spread(n, s => s.Auroc, "f4")}, {Mean(n, s => s.Fpr, "f3")}, {Mean(n, s => s.Accepted, "f3")}"),
        .. accepted.Select(n => Spread(n, s => s.Accepted, "f3")),
        $"{runs.Average(r => r.Seconds):f0} s",
    ];
    Console.WriteLine($"| {string.Join(" | ", cells)} |");
}

Result Measure(string recipe, string seed)
{
    var run = Path.Combine(folder, $"{recipe}-{seed}");
    string seconds = Path.Combine(run, "seconds.txt"), figures = Path.Combine(run, "figures.json");
    if (!File.Exists(seconds))
    {
        if (Directory.Exists(run))
        {
            Directory.Delete(run, recursive: true); // cut off before it was done
        }

        var clock = Stopwatch.StartNew();
        Trainer(["train", "--config", Path.Combine(here, "recipes", recipe + ".json"), "--normal", Option("--normal"), "--coco", Option("--coco"),
            "--seed", seed, "--out", run, "--json", .. shared]);
        File.WriteAllText(seconds, clock.Elapsed.TotalSeconds.ToString());
    }

    if (!File.Exists(figures))
    {
        File.WriteAllText(figures, Trainer(["eval", "--run", run, "--normal", Option("--test-normal"), "--coco", Option("--test-coco"),
            .. negatives.Concat(subjects).SelectMany(s => new[] { "--negative", s }), "--json"]));
    }

    using var json = JsonDocument.Parse(File.ReadAllText(figures));
    return new(recipe, double.Parse(File.ReadAllText(seconds)), [.. json.RootElement.GetProperty("sets").EnumerateArray().Select(Read)]);
}

Set Read(JsonElement set)
{
    double Number(string name) => set.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;
    var name = set.GetProperty("name").GetString()!;
    var isSubject = subjects.Any(s => s.StartsWith(name + '=', StringComparison.Ordinal));
    return new(name, isSubject ? double.NaN : Number("auroc"), Number("fprAt95Tpr"), Number("acceptRate"));
}

string Trainer(IEnumerable<string> arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? output : throw new InvalidOperationException($"trainer {string.Join(' ', arguments)} ended with {process.ExitCode}.");
}

/// <param name="Auroc">NaN where the set is the subject.</param>
internal sealed record Set(string Name, double Auroc, double Fpr, double Accepted);

internal sealed record Result(string Recipe, double Seconds, Set[] Sets)
{
    public Set this[string name] => Sets.Single(s => s.Name == name);
}
