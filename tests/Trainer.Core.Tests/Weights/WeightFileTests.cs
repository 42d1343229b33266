using Trainer.Core.Weights;
using Trainer.Core.Weights.Pickling;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Weights;

public sealed class WeightFileTests : IDisposable
{
    private static readonly byte[] SmallSafetensors =
        Checkpoints.Safetensors(Checkpoints.Floats("fc.weight", [1, 2], 1, 2), Checkpoints.Floats("fc.bias", [2], 3, 4));

    private static readonly byte[] SmallPickle = new PickleWriter().Code("}(").Text("fc.weight").Floats("0", 1, 2)
        .Text("fc.bias").Tensor("FloatStorage", "0", 2, 0, [2, 1], [1, 2]).Code("u").Stop();

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ContentDecidesNotTheName()
    {
        var pth = WeightFile.Open(Made("a.safetensors", Checkpoints.Pth(SmallPickle, 1, 2)));
        var old = WeightFile.Open(Made("c.safetensors", OldPth.Write(SmallPickle, 1, 2)));
        var safetensors = WeightFile.Open(Made("b.pth", SmallSafetensors));

        Assert.Equal([1f, 2f], pth.Tensors["fc.weight"].ToSingles());
        Assert.Equal([1f, 2f], old.Tensors["fc.weight"].ToSingles());
        Assert.Equal([1f, 2f], safetensors.Tensors["fc.weight"].ToSingles());
    }

    [Fact]
    public void HeaderLengthThatLooksLikeAPickleIsRead()
    {
        var file = Checkpoints.Safetensors("{}".PadRight(0x0280), 0);

        Assert.Equal((byte[])[0x80, 2], file[..2]);
        Assert.Empty(WeightFile.Open(Made("x", file)).Tensors);
    }

    [Fact]
    public void OtherFilesAreNamed()
    {
        var tar = new byte[1024];
        "ustar"u8.CopyTo(tar.AsSpan(257));

        Assert.Contains("a tar archive", Refusal(Made("older.pth", tar)));
        Assert.Contains("with a newer PyTorch", Refusal(Made("older.pth", tar)));
        Assert.Contains("git lfs pull", Refusal(Made("a.pth", "version https://git-lfs.github.com/spec/v1\noid sha256:0"u8.ToArray())));
        Assert.Contains("isn't a complete safetensors file", Refusal(Made("a.html", "<!DOCTYPE html><html>"u8.ToArray())));
    }

    [Fact]
    public void FilesThatCanNotBeReadAreNamed()
    {
        Assert.Contains("is a folder", Refusal(folder));
        Assert.Contains("Can't read", Refusal(Path.Combine(folder, "missing.pth")));
        Assert.Contains("Can't read", Refusal(Path.Combine(folder, "no", "such.pth")));
        Assert.Contains("Can't read", Refusal(""));
        Assert.Contains("has 0 bytes", Refusal(Made("empty.pth", [])));
    }

    [Fact]
    public void DamagedFilesGiveAResultOrATrainerException()
    {
        var pth = Checkpoints.Pth(SmallPickle, 1, 2);
        var old = OldPth.Write(SmallPickle, 1, 2);
        var random = new Random(20240607);

        var refused = Enumerable.Range(0, 2000).Sum(_ =>
            Refuses(() => SafetensorsFile.Parse(Mutated(SmallSafetensors, random), "x"))
            + Refuses(() => PthFile.Parse(Mutated(pth, random), "x"))
            + Refuses(() => PthFile.Parse(Mutated(old, random), "x"))
            + Refuses(() => PthFile.Parse(Checkpoints.Pth(Mutated(SmallPickle, random), 1, 2), "x")));

        Assert.InRange(refused, 2000, 8000); // most of them, and no other failure
    }

    private static int Refuses(Func<WeightFile> read)
    {
        const int MostBytes = 2_000_000; // the files have less than 2 kB
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = 0;
        try
        {
            read();
        }
        catch (TrainerException)
        {
            refused = 1;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        return refused;
    }

    private static byte[] Mutated(byte[] file, Random random)
    {
        if (random.Next(4) == 0)
        {
            return file[..random.Next(file.Length)];
        }

        byte[] copy = [.. file];
        for (var flips = random.Next(1, 5); flips > 0; flips--)
        {
            copy[random.Next(copy.Length)] = random.Next(3) == 0 ? (byte)0xff : (byte)random.Next(256);
        }

        return copy;
    }

    private static string Refusal(string path) => Assert.Throws<TrainerException>(() => WeightFile.Open(path)).Message;

    private string Made(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
