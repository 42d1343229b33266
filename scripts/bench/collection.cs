#:project ../../src/Trainer.Core/Trainer.Core.csproj
#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
// scripts/bench/collection [PICTURES...]
// For each number of pictures (default: 1180 118000), draws a collection of so many different JPEGs and trains a gate on it for one epoch.
// A tenth of the pictures, less or more, show the subject: as many as make 500 steps of 118,000. Prints the seconds of each part of the
// work and the most memory that the program took in it. Needs Linux, and 12 GB in the folder for temporary files, which are deleted.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NetVips;
using Trainer.Core.Imaging;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const double SubjectShare = 10_000 / 118_000.0; // of which training sees 8,000, 16 a step
int[] sizes = args.Length > 1 ? [.. args.Skip(1).Select(int.Parse)] : [1180, 118_000];
var folder = Directory.CreateTempSubdirectory("collection-").FullName;
NetVips.NetVips.Concurrency = 1;
Console.WriteLine("| pictures | part | seconds | most memory, MB |\n|---|---|---|---|");
try
{
    foreach (var size in sizes)
    {
        var clock = Stopwatch.StartNew();
        var subject = (int)(size * SubjectShare);
        Draw("subject", subject, isSubject: true);
        Draw("ordinary", size - subject, isSubject: false);
        Console.Error.WriteLine($"{size} pictures drawn in {clock.Elapsed.TotalSeconds:0} s");
        foreach (var (part, seconds, memory) in Train())
        {
            Console.WriteLine($"| {size} | {part} | {seconds:0.0} | {memory / 1024} |");
        }

        Array.ForEach(Directory.GetDirectories(folder), made => Directory.Delete(made, recursive: true));
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

void Draw(string name, int count, bool isSubject)
{
    var into = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    Parallel.For(0, count, i => File.WriteAllBytes(Path.Combine(into, $"{i:000000}.jpg"), Picture(new Random(isSubject ? -1 - i : i), isSubject)));
}

// Patches of random colours that run into each other: the perceptual hashes of any two are as different as those of two photos.
// The subject is a bright disc with a dark rim in the middle.
static byte[] Picture(Random dice, bool isSubject)
{
    const int Width = 160, Height = 120, Patches = 7;
    var colours = new byte[Patches * Patches * 3];
    dice.NextBytes(colours);
    var patches = new RgbImage(Patches, Patches, colours);
    var pixels = Resampler.Resize(patches, new CropBox(0, 0, Patches, Patches), Width, Height);
    if (isSubject)
    {
        var (x, y, radius) = (80 + dice.Next(-15, 15), 60 + dice.Next(-8, 8), dice.Next(25, 40));
        for (var i = 0; i < Width * Height; i++)
        {
            var far = Math.Sqrt(Math.Pow((i % Width) - x, 2) + Math.Pow((i / Width) - y, 2)) / radius;
            if (far < 1)
            {
                (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = far > 0.8 ? ((byte)30, (byte)60, (byte)20) : ((byte)220, (byte)200, (byte)90);
            }
        }
    }

    using var image = Image.NewFromMemory(pixels, Width, Height, 3, Enums.BandFormat.Uchar);
    return image.JpegsaveBuffer(q: 80);
}

List<(string Part, double Seconds, long Memory)> Train()
{
    var start = new ProcessStartInfo("dotnet", [args[0], "train", "--normal", "subject", "--coco", "ordinary", "--out", "run", "--epochs", "1",
        "--weights", "builtin", "--no-report", "--json"])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
    };
    start.Environment["TRAINER_CACHE"] = Path.Combine(folder, "cache");
    using var program = Process.Start(start)!;
    var found = new List<(string, double, long)>();
    var (part, most, clock) = ("start", 0L, Stopwatch.StartNew());
    while (program.StandardOutput.ReadLine() is { } line)
    {
        var told = JsonDocument.Parse(line).RootElement;
        var next = told.GetProperty("event").GetString() switch
        {
            "options" => "listing, copies and fingerprint",
            "weights" => "classes",
            "data" => "epoch",
            "epoch" => "head and threshold",
            "validation" => "suspects",
            "notice" => Said(told.GetProperty("text").GetString()!),
            "done" => Said(line),
            _ => part,
        };
        if (next != part)
        {
            End(next);
        }
    }

    program.WaitForExit();
    found.Add((part, clock.Elapsed.TotalSeconds, most));
    return program.ExitCode == 0 ? found : throw new InvalidOperationException($"trainer ended with {program.ExitCode}.");

    void End(string next)
    {
        found.Add((part, clock.Elapsed.TotalSeconds, Peak()));
        (part, most) = (next, 0);
        clock.Restart();
    }

    string Said(string text)
    {
        Console.Error.WriteLine(text);
        most = Peak();
        return part;
    }

    // The peak since the last call.
    long Peak()
    {
        var peak = Math.Max(most, long.Parse(File.ReadLines($"/proc/{program.Id}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        File.WriteAllText($"/proc/{program.Id}/clear_refs", "5");
        return peak;
    }
}
