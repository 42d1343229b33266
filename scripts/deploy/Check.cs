// Judges pictures (width, height, RGB bytes) by the snippet of docs/deploy.md.
var names = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(args[1])!, "names.txt"));
using var gate = new Gate(args[0]);
foreach (var (file, name) in args.Skip(1).Zip(names))
{
    var bytes = File.ReadAllBytes(file);
    var (similarity, accepted) = gate.Judge(bytes[8..], BitConverter.ToInt32(bytes, 0), BitConverter.ToInt32(bytes, 4));
    Console.WriteLine(FormattableString.Invariant($"{Path.GetFileName(file)}\t{name}\t{similarity}\t{(accepted ? "true" : "false")}"));
}
