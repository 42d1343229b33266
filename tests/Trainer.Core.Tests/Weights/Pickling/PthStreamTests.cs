using Trainer.Core.Weights;
using Trainer.Core.Weights.Pickling;
using Xunit;

namespace Trainer.Core.Tests.Weights.Pickling;

/// <summary>Tests PyTorch's format before 1.6. <see cref="PthFileTests"/> tests what it shares with the newer one.</summary>
public sealed class PthStreamTests
{
    private static readonly byte[] Small = new PickleWriter().Code("}").Text("w").Tensor("FloatStorage", "0", 3, 0, [3], [1], "N").Code("s")
        .Stop();

    [Fact]
    public void WhatPyTorchWroteIsRead()
    {
        var tensors = PthFile.Read(GoldenFiles.PathOf("old_format.pth")).Tensors;

        Assert.Equal(16, tensors.Count);
        AssertFloats([2, 3], [0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f], "weight");
        AssertFloats([3, 2], [0, 0.375f, 0.125f, 0.5f, 0.25f, 0.625f], "transposed");
        AssertFloats([3], [0.375f, 0.5f, 0.625f], "row");
        AssertFloats([], [0.625f], "scalar");
        AssertFloats([2, 3], [0, 0.125f, 0.25f, 0, 0.125f, 0.25f], "expanded");
        AssertFloats([1], [5], "parameter");
        AssertFloats([0, 3], [], "empty");
        AssertFloats([2], [1, -2], "double");
        AssertFloats([2], [1, -2], "half");
        AssertFloats([2], [1, -2], "bfloat16");
        AssertBytes(WeightType.Int64, [1, 0, 0, 0, 0, 0, 0, 0, 254, 255, 255, 255, 255, 255, 255, 255], "long");
        AssertBytes(WeightType.Int32, [1, 0, 0, 0, 254, 255, 255, 255], "int");
        AssertBytes(WeightType.Int16, [1, 0, 254, 255], "short");
        AssertBytes(WeightType.Int8, [1, 254], "char");
        AssertBytes(WeightType.UInt8, [1, 255], "byte");
        AssertBytes(WeightType.Bool, [1, 0], "bool");

        void AssertFloats(long[] shape, float[] numbers, string name)
        {
            Assert.Equal(shape, tensors[name].Shape);
            Assert.Equal(numbers, tensors[name].ToSingles());
        }

        void AssertBytes(WeightType type, byte[] bytes, string name)
        {
            Assert.Equal(type, tensors[name].Type);
            Assert.Equal(bytes, tensors[name].Data.ToArray());
        }
    }

    [Fact]
    public void CutShortAnywhereIsRefused()
    {
        var whole = File.ReadAllBytes(GoldenFiles.PathOf("old_format.pth"));

        Assert.All(Enumerable.Range(0, whole.Length), length =>
            Assert.Throws<TrainerException>(() => PthFile.Parse(whole[..length], "x.pth")));
        Assert.Contains("has extra data after its last storage (1 bytes)", Refusal([.. whole, 0]));
    }

    [Fact]
    public void EveryProtocolOfPickleIsRead()
    {
        byte[] frame = [0x95, 13, 0, 0, 0, 0, 0, 0, 0];
        byte[] file = [0x80, 4, .. frame, .. OldPth.Magic[2..], .. OldPth.Write(Small, 1, 2, 3)[OldPth.Magic.Length..]];

        Assert.Equal([1f, 2f, 3f], PthFile.Parse(file, "x.pth").Tensors["w"].ToSingles());
    }

    /// <summary>PyTorch before 0.4 used this name, and wrote tensors shared between processes as views of a larger storage.</summary>
    [Fact]
    public void ViewsOfStoragesAreRead()
    {
        var saved = new PickleWriter().Code("}").Text("w").Global("torch._utils", "_rebuild_tensor").Code("(");
        View(saved, count: 6, first: 2, own: 3).Whole(1).Tuple(2).Tuple(1).Code("tRs");

        Assert.Equal([3f, 4f], PthFile.Parse(OldPth.Write(saved.Stop(), 0, 1, 2, 3, 4, 5), "x.pth").Tensors["w"].ToSingles());
    }

    [Theory]
    [InlineData(6, -1, 3)]
    [InlineData(6, 4, 3)]
    [InlineData(6, 1, long.MaxValue)]
    [InlineData(6, 0, -1)]
    [InlineData(-1, 0, 0)]
    public void ViewsOutOfTheirStorageAreRefused(long count, long first, long own) => Assert.Contains(
        "something other than a storage", Refusal(OldPth.Write(View(new PickleWriter(), count, first, own).Stop(), new float[6])));

    [Fact]
    public void TensorsOutOfTheirViewAreRefused()
    {
        var saved = new PickleWriter().Code("}").Text("w").Global("torch._utils", "_rebuild_tensor").Code("(");
        View(saved, count: 6, first: 2, own: 3).Whole(2).Tuple(2).Tuple(1).Code("tRs");

        Assert.Contains("reach out of its storage of 3 numbers", Refusal(OldPth.Write(saved.Stop(), new float[6])));
    }

    [Fact]
    public void CodeIsNamedAndNeverRun()
    {
        var attack = new PickleWriter().Global("os", "system").Text("rm -rf /").Bytes(0x85).Code("R").Stop();
        byte[][] places = [OldPth.Magic, OldPth.Protocol, OldPth.Machine, Small, OldPth.Keys("0")];

        Assert.All(Enumerable.Range(0, places.Length), place => Assert.Contains(
            "asks for 'os.system', which this reader doesn't run", Refusal([.. places.Take(place).SelectMany(bytes => bytes), .. attack])));
    }

    [Fact]
    public void OtherPicklesAreNamed()
    {
        Assert.Contains("begins with a pickle that isn't PyTorch's magic number", Refusal(new PickleWriter().Code("}").Stop()));
        Assert.Contains("begins with a pickle that isn't PyTorch's magic number", Refusal(new PickleWriter().Whole(1001).Stop()));
        Assert.Contains("isn't of protocol 1001", Refusal([.. OldPth.Magic, .. new PickleWriter().Whole(1000).Stop()]));
        Assert.Contains("no list of storages",
            Refusal([.. OldPth.Magic, .. OldPth.Protocol, .. OldPth.Machine, .. Small, .. new PickleWriter().Code("}").Stop()]));
    }

    [Fact]
    public void StoragesMustBeWhatTheObjectSays()
    {
        var numbers = Checkpoints.Bytes(1, 2, 3);
        var two = new PickleWriter().Code("](").Floats("0", 3).Tensor("DoubleStorage", "0", 3, 0, [3], [1]).Code("e").Stop();

        Assert.Contains("has no storage '0'", Refusal(OldPth.Write(Small, OldPth.Keys(), [])));
        Assert.Contains("lists storage '1', which its object doesn't use",
            Refusal(OldPth.Write(Small, OldPth.Keys("0", "1"), [.. OldPth.Storage(3, numbers)])));
        Assert.Contains("lists storage '', which", Refusal(OldPth.Write(Small, new PickleWriter().Code("](Ne").Stop(), [])));
        Assert.Contains("lists storage '0' twice",
            Refusal(OldPth.Write(Small, OldPth.Keys("0", "0"), [.. OldPth.Storage(3, numbers), .. OldPth.Storage(3, numbers)])));
        Assert.Contains("as 3 numbers of Float32 and as 3 of Float64", Refusal(OldPth.Write(two, 1, 2, 3)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void CountsMustBeWhatTheObjectSays(long count) => Assert.Contains(
        $"has {count} numbers in storage '0', expected 3",
        Refusal(OldPth.Write(Small, OldPth.Keys("0"), OldPth.Storage(count, Checkpoints.Bytes(1, 2, 3)))));

    [Fact]
    public void StoragesThatAreNotThereDoNotFillTheMemory()
    {
        var saved = new PickleWriter().Code("}").Text("w").Tensor("DoubleStorage", "0", long.MaxValue, 0, [1], [1], "N").Code("s").Stop();
        var file = OldPth.Write(saved, OldPth.Keys("0"), OldPth.Storage(long.MaxValue, new byte[100]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("ends within storage '0'", Refusal(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void ExpandedTensorsDoNotFillTheMemory()
    {
        var saved = new PickleWriter().Code("}").Text("w").Tensor("FloatStorage", "0", 1, 0, [1 << 20, 1 << 8], [0, 0], "N").Code("s")
            .Stop();

        Assert.Contains("more than 4 times its size", Refusal(OldPth.Write(saved, 1)));
    }

    private static PickleWriter View(PickleWriter pickle, long count, long first, long own) => pickle
        .Code("(").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Whole(count)
        .Code("(").Text("view").Whole(first).Whole(own).Code("ttQ");

    private static string Refusal(byte[] file) => Assert.Throws<TrainerException>(() => PthFile.Parse(file, "x.pth")).Message;
}
