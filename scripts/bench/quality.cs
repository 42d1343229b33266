#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
// scripts/bench/quality --normal DIR --coco DIR --test-normal DIR --test-coco DIR [--negative NAME=DIR]... --out DIR
//                       [--recipes a,b,…] [--seeds 0,1,2] [-- options of trainer train for every run]
// A recipe is a file of recipes/: what differs from the defaults. What is in --out already is not run again.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var here = args[0];
var own = args.Skip(1).TakeWhile(a => a != "--").ToArray();
var shared = args.Skip(1 + own.Length + 1).ToArray();
string Option(string name, string? otherwise = null) =>
    Array.IndexOf(own, name) is >= 0 and var i && i + 1 < own.Length ? own[i + 1] : otherwise ?? throw new ArgumentException($"{name} is missing.");
var folder = Directory.CreateDirectory(Option("--out")).FullName;
var recipes = Option("--recipes", "article,default").Split(',');
var seeds = Option("--seeds", "0,1").Split(',');
var sets = own.Select((a, i) => (a, i)).Where(p => p.a == "--negative").Select(p => own[p.i + 1]).ToArray();

var results = new List<Result>();
foreach (var seed in seeds)
{
    foreach (var recipe in recipes)
    {
        results.Add(Measure(recipe, seed));
        Console.Error.WriteLine($"{recipe}, seed {seed}: {results[^1].Seconds:f0} s");
    }
}

var names = results[0].Sets.Skip(1).Select(s => s.Name).ToArray();
Console.WriteLine($"| recipe | {string.Join(" | ", names.Select(n => $"{n}: AUROC, FPR@95TPR, accepted"))} | normals accepted | training |");
Console.WriteLine($"|---|{string.Concat(names.Select(_ => "---|"))}---|---|");
foreach (var recipe in recipes)
{
    var runs = results.Where(r => r.Recipe == recipe).ToArray();
    string Mean(Func<Result, double> figure, string format) => runs.Average(figure).ToString(format);
    string Spread(Func<Result, double> figure, string format) => runs.Length < 2
        ? Mean(figure, format)
        : $"{Mean(figure, format)} ({runs.Min(figure).ToString(format)}–{runs.Max(figure).ToString(format)})";
    var cells = names.Select((_, i) =>
        $"{Spread(r => r.Sets[i + 1].Auroc, "f4")}, {Mean(r => r.Sets[i + 1].Fpr, "f3")}, {Mean(r => r.Sets[i + 1].Accepted, "f2")}");
    Console.WriteLine($"| {recipe} | {string.Join(" | ", cells)} | {Spread(r => r.Sets[0].Accepted, "f3")} | {Mean(r => r.Seconds, "f0")} s |");
}

Result Measure(string recipe, string seed)
{
    var run = Path.Combine(folder, $"{recipe}-{seed}");
    var seconds = Path.Combine(run, "seconds.txt");
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

    using var json = JsonDocument.Parse(Trainer(["eval", "--run", run, "--normal", Option("--test-normal"), "--coco", Option("--test-coco"),
        .. sets.SelectMany(s => new[] { "--negative", s }), "--json"]));
    return new(recipe, double.Parse(File.ReadAllText(seconds)), [.. json.RootElement.GetProperty("sets").EnumerateArray().Select(s => new Set(
        s.GetProperty("name").GetString()!, Number(s, "auroc"), Number(s, "fprAt95Tpr"), Number(s, "acceptRate")))]);
}

string Trainer(IEnumerable<string> arguments)
{
    var start = new ProcessStartInfo("dotnet", [Path.Combine(here, "../../src/Trainer/bin/Release/net10.0/trainer.dll"), .. arguments]) { RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? output : throw new InvalidOperationException($"trainer {string.Join(' ', arguments)} ended with {process.ExitCode}.");
}

static double Number(JsonElement set, string name) => set.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;

internal sealed record Set(string Name, double Auroc, double Fpr, double Accepted);

internal sealed record Result(string Recipe, double Seconds, Set[] Sets);
