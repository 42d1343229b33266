// Judges pictures (width, height, RGB bytes) with the package Trainer.Gate.
using Trainer.Gates;

var names = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(args[1])!, "names.txt"));
using var gate = Gate.Load(args[0]);
foreach (var (file, name) in args.Skip(1).Zip(names))
{
    var bytes = File.ReadAllBytes(file);
    var decision = gate.Judge(new Pixels(bytes[8..], BitConverter.ToInt32(bytes, 0), BitConverter.ToInt32(bytes, 4)));
    Console.WriteLine(
        FormattableString.Invariant($"{Path.GetFileName(file)}\t{name}\t{decision.Similarity}\t{(decision.Accepted ? "true" : "false")}"));
}
