using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using Trainer.Gates;

using var gate = Gate.Load(args[0], Decode);
foreach (var file in args.Skip(1))
{
    using var photo = File.OpenRead(file);
    var decision = gate.Judge(photo);
    Console.WriteLine(FormattableString.Invariant($"{file}: {(decision.Accepted ? "accepted" : "rejected")}, similarity {decision.Similarity:f3}"));
}

static Pixels Decode(Stream photo)
{
    using var image = Image.Load<Rgba32>(photo);
    image.Mutate(picture => picture.AutoOrient());
    var rgba = new byte[image.Width * image.Height * 4];
    image.CopyPixelDataTo(rgba);
    return Pixels.FromRgba(rgba, image.Width, image.Height);
}
