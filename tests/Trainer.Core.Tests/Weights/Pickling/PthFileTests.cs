using System.IO.Compression;
using Trainer.Core.Tests.Weights.Safetensors;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Pickling;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Weights.Pickling;

public class PthFileTests
{
    [Fact]
    public void GoldenHoldsTheSameAsItsSafetensorsTwin()
    {
        var pth = PthFile.Read(SharedFiles.Golden("mobilenet.pth"));
        var twin = SafetensorsFile.Read(SharedFiles.Golden("mobilenet.safetensors"));

        Assert.Equal(314, pth.Tensors.Count);
        Assert.Equal(twin.Tensors.Keys.Order(), pth.Tensors.Keys.Order());
        Assert.All(twin.Tensors, pair => SafetensorsFileTests.AssertSame(pair.Value, pth.Tensors[pair.Key]));
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("model")]
    public void WrappedStateDictsAreFound(string key)
    {
        var pickle = new PickleWriter()
            .Code("}q").Bytes(0).Code("(")
            .Text("epoch").Code("K").Bytes(7)
            .Text("best").Code("G").Bytes(0x3f, 0xf0, 0, 0, 0, 0, 0, 0)
            .Text("optimizer").Code("}(").Text("state").Code("}K\0").Floats("0", 2).Code("s").Text("lr").Code("](NN\u004b\u0001eu")
            .Text(key).OrderedDict().Code("(").Text("w").Floats("0", 2).Code("u}").Text("_metadata").OrderedDict().Code("sb")
            .Text("seed").Bytes(0x8a, 9, 255, 255, 255, 255, 255, 255, 255, 255, 0)
            .Code("u").Stop();

        var file = PthFile.Parse(Checkpoints.Pth(pickle, 3, 4), "x.pth");

        Assert.Equal(["w"], file.Tensors.Keys);
        Assert.Equal([3f, 4f], file.Tensors["w"].ToSingles());
    }

    [Fact]
    public void ProtocolFourIsRead()
    {
        var pickle = new PickleWriter(protocol: 4)
            .Bytes(0x95, 0, 0, 0, 0, 0, 0, 0, 0) // FRAME
            .Code("}").Bytes(0x94, 0x8c, 1).Code("w").Bytes(0x94) // MEMOIZE, SHORT_BINUNICODE
            .Bytes(0x8c, 12).Code("torch._utils").Bytes(0x8c, 18).Code("_rebuild_tensor_v2").Bytes(0x93) // STACK_GLOBAL
            .Code("((").Text("storage").Global("torch", "HalfStorage").Text("0").Text("cuda:0").Code("K\u0004tQ")
            .Code("K\u0001").Code("K\u0002").Bytes(0x85).Code("K\u0001").Bytes(0x85, 0x89).OrderedDict().Code("N").Code("tRs").Stop();

        var tensor = PthFile.Parse(Checkpoints.Pth(pickle, 1, 2), "x.pth").Tensors["w"];

        Assert.Equal(WeightType.Float16, tensor.Type);
        Assert.Equal((byte[])[0x80, 0x3f, 0, 0], tensor.Data.ToArray()); // the upper half of 1f, the lower of 2f
    }

    [Fact]
    public void ParametersAreTensors()
    {
        var pickle = new PickleWriter().Code("}").Text("w")
            .Global("torch._utils", "_rebuild_parameter").Code("(").Floats("0", 1).Bytes(0x88).OrderedDict().Code("tRs").Stop();

        Assert.Equal([5f], PthFile.Parse(Checkpoints.Pth(pickle, 5), "x.pth").Tensors["w"].ToSingles());
    }

    [Fact]
    public void CodeIsNamedAndNeverRun()
    {
        var pickle = new PickleWriter().Global("os", "system").Text("rm -rf /").Bytes(0x85).Code("R").Stop();

        Assert.Equal(
            "'x.pth' asks for 'os.system', which this reader doesn't run; "
            + "save the state dict alone with torch.save(model.state_dict(), path).", Refusal(Checkpoints.Pth(pickle)));
    }

    [Theory]
    [InlineData("builtins", "eval")]
    [InlineData("collections", "OrderedDict.fromkeys")]
    [InlineData("torch", "load")]
    [InlineData("torch", "ComplexFloatStorage")]
    public void GlobalsOffTheListAreRefused(string module, string name) =>
        Assert.Contains($"asks for '{module}.{name}'", Refusal(Checkpoints.Pth(new PickleWriter().Global(module, name).Stop())));

    [Theory]
    [InlineData(6, 0, new long[] { 3, 2 }, new long[] { 1, 3 }, new float[] { 0, 3, 1, 4, 2, 5 })] // transposed
    [InlineData(6, 1, new long[] { 2 }, new long[] { 3 }, new float[] { 1, 4 })] // a column
    [InlineData(6, 5, new long[] { 2, 2 }, new long[] { 0, 0 }, new float[] { 5, 5, 5, 5 })] // expanded
    [InlineData(6, 2, new long[] { 1, 3 }, new long[] { 99, 1 }, new float[] { 2, 3, 4 })] // an edge of 1 never steps
    [InlineData(6, 4, new long[] { }, new long[] { }, new float[] { 4 })] // a scalar
    [InlineData(6, 6, new long[] { 0, 7 }, new long[] { 7, 1 }, new float[] { })] // nothing at all
    public void ViewsBecomeContiguous(long count, long offset, long[] shape, long[] strides, float[] expected)
    {
        var file = PthFile.Parse(Checkpoints.View(count, offset, shape, strides, 0, 1, 2, 3, 4, 5), "x.pth");

        Assert.Equal(shape, file.Tensors["w"].Shape);
        Assert.Equal(expected, file.Tensors["w"].ToSingles());
    }

    [Theory]
    [InlineData(6, 1, new long[] { 6 }, new long[] { 1 })]
    [InlineData(6, -1, new long[] { 1 }, new long[] { 1 })]
    [InlineData(6, 0, new long[] { 2 }, new long[] { -1 })]
    [InlineData(6, 0, new long[] { -2, -3 }, new long[] { 1, 1 })]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 1 })]
    [InlineData(6, 0, new long[] { long.MaxValue, long.MaxValue }, new long[] { 0, 0 })]
    [InlineData(6, 0, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(6, long.MaxValue, new long[] { 2 }, new long[] { long.MaxValue })]
    public void ViewsOutOfTheirStorageAreRefused(long count, long offset, long[] shape, long[] strides) =>
        Assert.Contains("reach out of its storage of 6 numbers", Refusal(Checkpoints.View(count, offset, shape, strides, new float[6])));

    [Theory]
    [InlineData(7)]
    [InlineData(long.MaxValue)]
    public void StoragesShorterThanTheyClaimAreRefused(long count) => Assert.Contains(
        $"24 bytes for w, expected {count} numbers of Float32", Refusal(Checkpoints.View(count, 0, [1], [1], new float[6])));

    [Fact]
    public void ExpandedTensorsDoNotFillTheMemory() =>
        Assert.Contains("more than 4 times its size", Refusal(Checkpoints.View(1, 0, [1 << 20, 1 << 8], [0, 0], 1)));

    [Fact]
    public void ManyEdgesDoNotFillTheMemory()
    {
        const int Edges = 50_000;
        var pickle = new PickleWriter()
            .Code("(").Code(new string('N', Edges)).Code("tq\u0001")
            .Global("torch._utils", "_rebuild_tensor_v2").Code("q\u0002")
            .Code("((").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Whole(1).Code("tQ")
            .Whole(0).Code("h\u0001h\u0001tq\u0003}(");
        for (var i = 0; i < 2000; i++)
        {
            pickle.Text($"{i}").Code("h\u0002h\u0003R"); // another tensor of the same edges, for 5 bytes
        }

        var file = Checkpoints.Pth(pickle.Code("u").Stop(), 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refusal(file);

        Assert.Contains("more than 4 times its size", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 * file.Length);
    }

    [Fact]
    public void ZipBombsAreRefused()
    {
        var pickle = new PickleWriter().Code("}").Text("w").Floats("0", 2_500_000).Code("s").Stop();
        var bomb = Checkpoints.Zip(CompressionLevel.Optimal, ("a/data.pkl", pickle), ("a/data/0", new byte[10_000_000]));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refusal(bomb);

        Assert.Contains("unpacks to more than 4 times its size", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void BigEndianIsRefused() => Assert.Contains("saved on a big-endian machine", Refusal(Checkpoints.Zip(
        ("a/data.pkl", new PickleWriter().Code("}").Stop()), ("a/byteorder", "big"u8.ToArray()))));

    [Theory]
    [InlineData("N.", "Found no tensors in 'x.pth'")]
    [InlineData("}.", "Looked for a dict of names and tensors, at the top or under state_dict, model_state_dict, model")]
    [InlineData("", "asks for 1 bytes where 0 are left")]
    [InlineData(".", "takes from an empty stack")]
    [InlineData("N(0", "takes from an empty stack")] // values below a mark can't be reached
    [InlineData("t", "looks for a mark")]
    [InlineData("}(Nu", "a key without a value")]
    [InlineData("NNNs", "finds no PickleDict")]
    [InlineData("Na", "takes from an empty stack")]
    [InlineData("h\u0005", "recalls value 5")]
    [InlineData("NQ", "something other than a storage")]
    [InlineData("N)R", "calls None with arguments")]
    [InlineData("i", "has opcode 0x69, which torch.save doesn't write")] // INST, which would create an object
    [InlineData("X\u007f\u007f\u007f\u007f", "asks for 2139062143 bytes where 0 are left")]
    [InlineData("cos", "asks for -1 bytes")]
    public void DamagedPicklesAreNamed(string opcodes, string message)
    {
        var pickle = new PickleWriter().Code(opcodes);

        Assert.Contains(message, Refusal(Checkpoints.Zip(("a/data.pkl", pickle.Stop()[..^1]))));
    }

    [Fact]
    public void ProtocolsOfNoPyTorchAreRefused() =>
        Assert.Contains("pickle protocol 1, expected 2 to 5", Refusal(Checkpoints.Pth(new PickleWriter(protocol: 1).Stop())));

    [Fact]
    public void ArchivesOfSomethingElseAreRefused()
    {
        var pickle = new PickleWriter().Code("}").Text("w").Floats("0", 1).Code("s").Stop();

        Assert.Contains("has 0 entries named data.pkl", Refusal(Checkpoints.Zip(("word/document.xml", []))));
        Assert.Contains("has 2 entries named data.pkl", Refusal(Checkpoints.Zip(("a/data.pkl", []), ("b/data.pkl", []))));
        Assert.Contains("has two entries named 'a'", Refusal(Checkpoints.Zip(("a", []), ("a", []))));
        Assert.Contains("has no entry 'a/data/0'", Refusal(Checkpoints.Zip(("a/data.pkl", pickle))));
        Assert.Contains("names 'w' twice", Refusal(Checkpoints.Pth(new PickleWriter()
            .Code("}(").Text("w").Floats("0", 1).Text("w").Floats("0", 1).Code("u").Stop(), 1)));
    }

    private static string Refusal(byte[] file) => Assert.Throws<TrainerException>(() => PthFile.Parse(file, "x.pth")).Message;
}
