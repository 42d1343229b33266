#:project ../../src/Trainer.Core/Trainer.Core.csproj
#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
// scripts/bench/subjects --data DIR|--classes DIR --coco DIR --test-coco DIR --out DIR [--subjects a,b,…] [--recipes default,…] [--seeds
// 0,1,2] [--changed] [--known N] [--edge N] [-- options of trainer train for every run]
// --data holds a folder for each subject: train/ and test/ with its photos, same-NAME/ with the subject in another setting; every other
// folder holds
// look-alikes.
// --changed also judges the test photos as other programs and cameras would deliver them: resized by other filters, compressed, darker,
// blurred, closer.
// --size E can also be given after --; --changed then uses pictures of that size.
// --known N trains with the first N photos of each folder of look-alikes (--negative), and measures on the rest.
// --classes DIR replaces --data. It holds train/CLASS/ and test/CLASS/, such as CIFAR-10 written out as files. Each class is a subject, and
// the test
// photos of the other classes are its look-alikes.
// --edge N first shrinks the ordinary photos to N pixels (32 for CIFAR-10); otherwise the sharpness of a photo would give the answer away.
// A recipe is a file in recipes/ with the options that differ from the defaults. Runs that already exist in --out are not repeated, and
// keep their seconds.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NetVips;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (here, program) = (args[0], args[1]);
var own = args.Skip(2).TakeWhile(a => a != "--").ToArray();
var shared = args.Skip(2 + own.Length + 1).ToArray();
string Option(string name, string? otherwise = null) =>
    own.Index().Where(a => a.Item == name && a.Index + 1 < own.Length).Select(a => own[a.Index + 1]).FirstOrDefault() ?? otherwise
        ?? throw new ArgumentException($"{name} is missing.");
var folder = Directory.CreateDirectory(Option("--out")).FullName;
var data = own.Contains("--classes") ? OneAgainstTheRest(Path.GetFullPath(Option("--classes"))) : Path.GetFullPath(Option("--data"));
var (coco, testCoco) = (Shrunk(Option("--coco")), Shrunk(Option("--test-coco")));
var subjects = Option("--subjects", string.Join(',', Directory.GetDirectories(data).Select(Path.GetFileName).Order(StringComparer.Ordinal)))
    .Split(',');
var (recipes, seeds) = (Option("--recipes", "default").Split(','), Option("--seeds", "0").Split(','));
var wantsChanged = own.Contains("--changed");
var input = new Preprocessing(
    shared.Contains("--size") ? int.Parse(shared[Array.IndexOf(shared, "--size") + 1]) : Preprocessing.Default.Edge);
string[] scalers = ["nearest", "bilinear", "lanczos"];

var results = new List<Result>();
foreach (var (seed, recipe, subject) in seeds.SelectMany(
    seed => recipes.SelectMany(recipe => subjects.Select(subject => (seed, recipe, subject)))))
{
    results.Add(Measure(recipe, seed, subject));
    Console.Error.WriteLine(
        $"{recipe}, seed {seed}, {subject}: {results[^1].Seconds:f0} s; "
        + $"{string.Join(", ", results[^1].Sets.Select(s => $"{s.Name} {(s.IsSubject ? $"accepted {s.Accepted:f3}" : $"{s.Auroc:f4}")}"))}");
}

Console.WriteLine(
    "| recipe | seeds | look-alikes, AUROC | ordinary photos, mean | least | accepted | "
    + (wantsChanged ? "changed, accepted | decisions by the scaler, of 1000 | " : "") + "training |");
Console.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", wantsChanged ? 9 : 7))}");
foreach (var recipe in recipes)
{
    var runs = results.Where(r => r.Recipe == recipe).ToArray();
    string Over(Func<Result, IEnumerable<double>> figures, string format)
    {
        var bySeed = runs.GroupBy(r => r.Seed).Select(seed => seed.SelectMany(figures).DefaultIfEmpty(double.NaN).Average()).ToArray();
        return bySeed.Length < 2 ? bySeed[0].ToString(format)
            : $"{bySeed.Average().ToString(format)} ({bySeed.Min().ToString(format)} to {bySeed.Max().ToString(format)})";
    }

    IEnumerable<double> LookAlikes(Result run) => run.Sets.Where(s => !s.IsSubject && s.Name != "coco").Select(s => s.Auroc);
    string[] cells =
    [
        recipe,
        runs.Select(r => r.Seed).Distinct().Count().ToString(),
        Over(LookAlikes, "f3"),
        Over(r => [r["coco"].Auroc], "f4"),
        runs.Min(r => r["coco"].Auroc).ToString("f4"),
        Over(r => [r["normal"].Accepted], "f3"),
        .. wantsChanged ? new[] { Over(r => [r.Changed], "f3"), Over(r => [1000 * r.Scaler], "f1") } : [],
        $"{runs.Average(r => r.Seconds):f0} s",
    ];
    Console.WriteLine($"| {string.Join(" | ", cells)} |");
}

// The figures of the start weights alone, from the first recipe's first runs.
var frozen = subjects.Select(subject => results.First(r => r.Subject == subject && r.Recipe == recipes[0])).ToArray();
foreach (var baseline in frozen.SelectMany(r => r.Baselines.Keys).Distinct())
{
    double Auroc(Result run, string set) => run.Baselines[baseline].GetValueOrDefault(set, double.NaN);
    var others = frozen.SelectMany(r => r.Sets.Where(s => !s.IsSubject && s.Name != "coco").Select(s => Auroc(r, s.Name)));
    Console.WriteLine(
        $"| {baseline} | – | {others.Average():f3} | {frozen.Average(r => Auroc(r, "coco")):f4} | {frozen.Min(r => Auroc(r, "coco")):f4} | "
        + $"– | {(wantsChanged ? "– | – | " : "")}– |");
}

foreach (var subject in subjects)
{
    var sets = results.First(r => r.Subject == subject).Sets;
    Console.WriteLine(
        $"\n**{subject}**\n\n| recipe | "
        + $"{string.Join(" | ", sets.Select(s => s.IsSubject ? $"{s.Name} accepted" : $"{s.Name}: AUROC, FPR@95TPR, accepted"))} "
        + $"|\n|{string.Concat(Enumerable.Repeat("---|", sets.Length + 1))}");
    foreach (var recipe in recipes)
    {
        var runs = results.Where(r => r.Subject == subject && r.Recipe == recipe).ToArray();
        Console.WriteLine($"| {recipe} | {string.Join(" | ", sets.Select(s => s.IsSubject
            ? runs.Average(r => r[s.Name].Accepted).ToString("f3")
            : $"{runs.Average(r => r[s.Name].Auroc):f4}, {runs.Average(r => r[s.Name].Fpr):f2}, {runs.Average(r => r[s.Name].Accepted):f2}"))} |");
    }

    foreach (var (name, aurocs) in frozen.Single(r => r.Subject == subject).Baselines)
    {
        Console.WriteLine(
            $"| {name} | {string.Join(" | ", sets.Select(s => s.IsSubject ? "–" : $"{aurocs.GetValueOrDefault(s.Name, double.NaN):f4}"))} "
            + "|");
    }
}

Result Measure(string recipe, string seed, string subject)
{
    var run = Path.Combine(folder, $"{recipe}-{subject}-{seed}");
    string seconds = Path.Combine(run, "seconds.txt"), figures = Path.Combine(run, "figures.json"),
        decisions = Path.Combine(run, "changed.csv");
    if (!File.Exists(seconds))
    {
        if (Directory.Exists(run))
        {
            Directory.Delete(run, recursive: true); // interrupted before it was done
        }

        var clock = Stopwatch.StartNew();
        Trainer([0], ["train", "--config", Path.Combine(here, "recipes", recipe + ".json"), "--normal",
            Path.Combine(data, subject, "train"), "--coco", coco, "--seed", seed, "--out", run, "--json", "--no-report",
            .. Known(subject).SelectMany(k => new[] { "--negative", $"{k.Name}={k.Shown}" }), .. shared]);
        File.WriteAllText(seconds, clock.Elapsed.TotalSeconds.ToString());
    }

    var test = Path.Combine(data, subject, "test");
    if (!File.Exists(figures))
    {
        var others = Directory.GetDirectories(Path.Combine(data, subject)).Where(d => Path.GetFileName(d) is not ("train" or "test"))
            .Order(StringComparer.Ordinal);
        File.WriteAllText(
            figures, Trainer([0],
            ["eval", "--run", run, "--normal", test, "--coco", testCoco,
            .. others.SelectMany(
            d => new[] { "--negative",
            $"{Path.GetFileName(d)}={Known(subject).FirstOrDefault(k => k.Name == Path.GetFileName(d)).Others ?? d}" }), "--json",
            .. recipe == "random" ? Array.Empty<string>() : ["--baselines"]]));
    }

    if (wantsChanged && !File.Exists(decisions))
    {
        File.WriteAllText(decisions, Trainer([0, 3], ["predict", "--run", run, "--csv", Changed(subject, test)])); // 3: some are rejected
    }

    using var json = JsonDocument.Parse(File.ReadAllText(figures));
    var (changed, scaler) = wantsChanged ? Decisions(File.ReadAllLines(decisions)) : (double.NaN, double.NaN);
    return new(recipe, seed, subject, double.Parse(File.ReadAllText(seconds)),
        [.. json.RootElement.GetProperty("sets").EnumerateArray().Select(Read)], changed, scaler,
        json.RootElement.GetProperty("baselines").EnumerateArray()
        .ToDictionary(b => b.GetProperty("name").GetString()!, b =>
            b.GetProperty("sets").EnumerateArray()
        .ToDictionary(s => s.GetProperty("set").GetString()!, s => s.GetProperty("auroc").GetDouble())));
}

// Accepted share of all changed photos, and share of the rescaled photos that are decided differently from the unchanged photo.
(double Changed, double Scaler) Decisions(string[] lines)
{
    var head = lines[0].Split(',').ToList();
    var (path, accepted) = (head.IndexOf("file"), head.IndexOf("accepted"));
    var found = lines.Skip(1).Select(line => line.Split(',')).ToDictionary(
        cells => (Way: Path.GetFileName(Path.GetDirectoryName(cells[path].Trim('"')))!, Name: Path.GetFileName(cells[path].Trim('"'))),
        cells => cells[accepted] is "true" or "1");
    var plain = found.Where(f => f.Key.Way == "plain").ToDictionary(f => f.Key.Name, f => f.Value);
    return (found.Where(f => f.Key.Way != "plain").Average(f => f.Value ? 1.0 : 0),
        found.Where(f => scalers.Contains(f.Key.Way)).Average(f => f.Value != plain[f.Key.Name] ? 1.0 : 0));
}

string Changed(string subject, string test)
{
    var at = Path.Combine(folder, "changed", subject);
    if (Directory.Exists(at))
    {
        return at;
    }

    var making = at + ".making";
    foreach (var (i, image) in ImageFolder.Scan(test).Images.Index())
    {
        var picture = ImageDecoder.DecodeTowards(input.ShorterSide, image.Path);
        var square = CropBox.CentreSquare(picture.Width, picture.Height);
        var plain = input.ToInput(picture);
        byte[] Scaled(ResampleFilter filter) => Resampler.Resize(picture, square, input.Edge, input.Edge, filter);
        byte[] dark = [.. plain.Select(p => (byte)Math.Round(0.6 * p))];
        using var whole = Image.NewFromMemoryCopy(plain, input.Edge, input.Edge, 3, Enums.BandFormat.Uchar);
        using var compressed = Image.NewFromBuffer(whole.JpegsaveBuffer(q: 30));
        using var blurred = whole.Gaussblur(input.Edge / 128.0);
        var closer = new CropBox(
            square.X + (0.1 * square.Width), square.Y + (0.1 * square.Height), 0.8 * square.Width, 0.8 * square.Height);
        foreach (var (way, pixels) in new (string, byte[])[]
        {
            ("plain", plain), ("nearest", Scaled(ResampleFilter.Nearest)), ("bilinear", Scaled(ResampleFilter.Bilinear)),
                ("lanczos", Scaled(ResampleFilter.Lanczos)),
            ("jpeg30", compressed.WriteToMemory<byte>()), ("darker", dark), ("blurred", blurred.WriteToMemory<byte>()),
            ("closer", Resampler.Resize(picture, closer, input.Edge, input.Edge)),
        })
        {
            using var written = Image.NewFromMemoryCopy(pixels, input.Edge, input.Edge, 3, Enums.BandFormat.Uchar);
            written.Pngsave(Path.Combine(Directory.CreateDirectory(Path.Combine(making, way)).FullName, $"{i:d5}.png"));
        }
    }

    Directory.Move(making, at);
    return at;
}

// Links to the photos of each folder of look-alikes: those to train with, and the rest.
IEnumerable<(string Name, string Shown, string Others)> Known(string subject)
{
    if (Option("--known", "0") is not { } text || int.Parse(text) is not (> 0 and var count))
    {
        yield break;
    }

    foreach (var photos in Directory.GetDirectories(Path.Combine(data, subject))
        .Where(d => Path.GetFileName(d) is not ("train" or "test") && !Path.GetFileName(d).StartsWith("same-", StringComparison.Ordinal)))
    {
        var at = Path.Combine(folder, $"known-{count}", subject, Path.GetFileName(photos));
        var (shown, rest) = (Path.Combine(at, "shown"), Path.Combine(at, "rest"));
        if (!Directory.Exists(at))
        {
            Directory.CreateDirectory(shown);
            Directory.CreateDirectory(rest);
            foreach (var (i, image) in ImageFolder.Scan(photos).Images.OrderBy(image => image.ContentKey).Index())
            {
                File.CreateSymbolicLink(
                    Path.Combine(i < count ? shown : rest, $"{i:d5}{Path.GetExtension(image.Path)}"), Path.GetFullPath(image.Path));
            }
        }

        yield return (Path.GetFileName(photos), shown, rest);
    }
}

// Folders of links in the form of --data.
string OneAgainstTheRest(string classes)
{
    var at = Path.Combine(folder, "classes");
    foreach (var test in Directory.GetDirectories(Path.Combine(classes, "test")))
    {
        var name = Path.GetFileName(test);
        var subject = Path.Combine(at, name);
        if (Directory.Exists(subject))
        {
            continue;
        }

        Directory.CreateDirectory(Path.Combine(subject, "rest"));
        Directory.CreateSymbolicLink(Path.Combine(subject, "train"), Path.Combine(classes, "train", name));
        Directory.CreateSymbolicLink(Path.Combine(subject, "test"), test);
        foreach (var other in Directory.GetDirectories(Path.Combine(classes, "test")).Where(other => other != test))
        {
            Directory.CreateSymbolicLink(Path.Combine(subject, "rest", Path.GetFileName(other)), other);
        }
    }

    return at;
}

string Shrunk(string photos)
{
    if (Option("--edge", "") is not { Length: > 0 } edge)
    {
        return photos;
    }

    var at = Path.Combine(folder, $"edge-{edge}", Path.GetFileName(Path.TrimEndingDirectorySeparator(photos)));
    if (!Directory.Exists(at))
    {
        var making = Directory.CreateDirectory(at + ".making").FullName;
        foreach (var (i, image) in ImageFolder.Scan(photos).Images.Index())
        {
            var picture = ImageDecoder.Decode(image.Path);
            var size = int.Parse(edge);
            using var written =
                Image.NewFromMemoryCopy(
                Resampler.Resize(picture, CropBox.CentreSquare(picture.Width, picture.Height), size, size), size, size, 3,
                Enums.BandFormat.Uchar);
            written.Pngsave(Path.Combine(making, $"{i:d5}.png"));
        }

        Directory.Move(making, at);
    }

    return at;
}

Set Read(JsonElement set)
{
    double Number(string name) => set.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;
    var name = set.GetProperty("name").GetString()!;
    return new(name, name == "normal" || name.StartsWith("same-", StringComparison.Ordinal), Number("auroc"), Number("fprAt95Tpr"),
        Number("acceptRate"));
}

string Trainer(int[] allowed, IEnumerable<string> arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true })!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return allowed.Contains(process.ExitCode) ? output
        : throw new InvalidOperationException($"trainer {string.Join(' ', arguments)} ended with {process.ExitCode}.");
}

/// <param name="IsSubject">True if the photos should be accepted.</param>
internal sealed record Set(string Name, bool IsSubject, double Auroc, double Fpr, double Accepted);

internal sealed record Result(
    string Recipe, string Seed, string Subject, double Seconds, Set[] Sets, double Changed, double Scaler,
    Dictionary<string, Dictionary<string, double>> Baselines)
{
    public Set this[string name] => Sets.Single(s => s.Name == name);
}
