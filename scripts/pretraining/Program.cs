// scripts/pretrain --photos DIR|TAR… [--large DIR] --valid DIR|TAR --teacher FILE --out DIR [--stages EDGE:STEPS:BATCH:learn|frozen,…]
// [--rate 0.006] [--seed 0] [--every 500] [--threads N]
// --photos are small photos of about 64 pixels; --large are photos of a few hundred pixels, from which a fifth of the pictures are made.
// A training that already exists in --out is resumed. features.safetensors there holds the start weights, log.tsv their progress.
using System.Diagnostics;
using System.Globalization;
using Pretraining;
using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using Trainer.Core.Platform;
using Trainer.Core.Randomness;
using Trainer.Core.Training.Planning;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] All(string name) => [.. args.SkipWhile(a => a != name).Skip(1).TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal))];
string Option(string name, string? otherwise = null) =>
    All(name).FirstOrDefault() ?? otherwise ?? throw new ArgumentException($"{name} is missing.");
const double ShareOfLarge = 0.2, ShareWorsened = 0.5;
const int Examples = 128, CheckEdge = 128, WarmUp = 300;

var folder = Directory.CreateDirectory(Option("--out")).FullName;
var stages = Stage.Parse(Option("--stages", "64:3000:64:learn,128:3500:32:frozen"));
var (seed, rate) = (ulong.Parse(Option("--seed", "0")), double.Parse(Option("--rate", "0.006")));
var stepsBetween = int.Parse(Option("--every", "500"));
var threads = int.Parse(Option("--threads", TorchRuntime.DefaultThreads.ToString()));
TorchRuntime.Prepare("cpu", threads, Console.Error.WriteLine);

var small = Photos.Read(All("--photos"), folder);
var large = Photos.Read(All("--large"), folder);
var valid = Photos.Read(All("--valid"), folder);
Console.Error.WriteLine($"{small.Length} small photos, {large.Length} large ones, {valid.Length} to check with");
var checks = Enumerable.Range(0, 256)
    .Select(i => { var random = new CounterRandom(1, (ulong)i); return Canvas.Draw(valid, [], 0, CheckEdge, ref random); }).ToArray();

using var teacher = new EmbeddingNetwork();
StartWeights.Find(Option("--teacher"), Trainer.Core.Runs.Options.WeightsInput.Auto, _ => { }).Load(teacher, _ => { });
teacher.eval();
using var student = Student.Begin(folder, seed);
using var check = new Distillation(student.Network, teacher, CheckEdge, threads, checks);
var (first, total) = (0, stages.Sum(stage => stage.Steps));
var clock = Stopwatch.StartNew();
foreach (var stage in stages)
{
    if (student.Step < first + stage.Steps)
    {
        Run(stage, first);
    }

    first += stage.Steps;
}

void Run(Stage stage, int firstStep)
{
    byte[][] examples = [.. Enumerable.Range(0, Examples).Select(i => Picture(stage, 0, i, out _, out _))];
    using var distillation = new Distillation(student.Network, teacher, stage.Edge, threads, examples);
    if (student.Step == 0)
    {
        distillation.Begin(student.Network, examples);
    }

    var (loss, since) = (0f, clock.Elapsed);
    var next = Draw(stage, student.Step);
    while (student.Step < firstStep + stage.Steps)
    {
        var (clean, shown, isWorsened) = next.Result;
        next = Draw(stage, student.Step + 1);
        student.Train(stage.NormsLearn);
        loss += distillation.Step(clean, shown, isWorsened);
        student.Update(LearningRate.At(student.Step, WarmUp, total, rate, rate / 100));
        if (student.Step % stepsBetween == 0 || student.Step == total)
        {
            student.Network.eval();
            var missed = check.Missed(checks.Chunk(32));
            var line =
                $"{student.Step}\t{stage.Edge}\t{(clock.Elapsed - since).TotalSeconds / stepsBetween * 1000:f0} "
                + $"ms\t{loss / stepsBetween:f4}\t{string.Join('\t', missed.Select(m => m.ToString("f3")))}";
            Console.WriteLine(line);
            student.Save(folder, line);
            (loss, since) = (0, clock.Elapsed);
        }
    }
}

Task<(byte[][] Clean, byte[][] Shown, bool[] IsWorsened)> Draw(Stage stage, int step) => Task.Run(() =>
{
    var (clean, shown, isWorsened) = (new byte[stage.Batch][], new byte[stage.Batch][], new bool[stage.Batch]);
    for (var i = 0; i < stage.Batch; i++)
    {
        clean[i] = Picture(stage, step + 1, i, out shown[i], out isWorsened[i]);
    }

    return (clean, shown, isWorsened);
});

byte[] Picture(Stage stage, int step, int position, out byte[] shown, out bool isWorsened)
{
    var random = new CounterRandom(seed, (ulong)step, (ulong)position);
    var clean = Canvas.Draw(small, large, ShareOfLarge, stage.Edge, ref random);
    isWorsened = step > 0 && random.NextDouble() < ShareWorsened;
    shown = isWorsened ? Canvas.Worsen(clean, stage.Edge, ref random) : clean;
    return clean;
}
