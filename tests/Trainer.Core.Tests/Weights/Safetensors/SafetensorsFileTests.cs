using System.Text;
using System.Text.Json;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Weights.Safetensors;

public class SafetensorsFileTests
{
    [Fact]
    public void WrittenFilesReadBack()
    {
        WeightTensor[] tensors =
        [
            .. Enum.GetValues<WeightType>().Reverse().Select(type => new WeightTensor(
                $"größe.{type}", type, [1, 3], Enumerable.Range(1, 3 * type.Size()).Select(i => (byte)i).ToArray())),
            new("scalar", WeightType.Int64, [], new byte[8]),
            new("empty", WeightType.Float32, [4, 0], ReadOnlyMemory<byte>.Empty),
        ];
        using var stream = new MemoryStream();

        SafetensorsFile.Write(stream, tensors, new Dictionary<string, string> { ["format"] = "pt" });
        var read = SafetensorsFile.Parse(stream.ToArray(), "x");

        Assert.Equal(tensors.Select(tensor => tensor.Name), read.Tensors.Keys);
        Assert.All(tensors, tensor => AssertSame(tensor, read.Tensors[tensor.Name]));
        Assert.Equal("pt", read.Metadata["format"]);
    }

    [Fact]
    public void TensorsBeginAtMultiplesOfTheirSize()
    {
        var bytes = Checkpoints.Safetensors(
            new WeightTensor("byte", WeightType.UInt8, [3], new byte[3]),
            new WeightTensor("half", WeightType.Float16, [1], new byte[2]),
            new WeightTensor("long", WeightType.Int64, [1], new byte[8]));

        var header = JsonDocument.Parse(Header(bytes)).RootElement;

        Assert.Equal(0, BitConverter.ToInt64(bytes) % 8);
        Assert.Equal([10, 8, 0], header.EnumerateObject().Select(entry => entry.Value.GetProperty("data_offsets")[0].GetInt32()));
    }

    [Fact]
    public void HeaderIsWrittenAsTheOfficialWriterDoes() => Assert.Equal(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""" + "  ",
        Header(Checkpoints.Safetensors(Checkpoints.Floats("w", [2], 1, 2))));

    [Fact]
    public void NamesThatCanNotBeWrittenAreOurBug()
    {
        var tensor = Checkpoints.Floats("w", [1], 1);

        Assert.Throws<ArgumentException>(() => Checkpoints.Safetensors(tensor, tensor));
        Assert.Throws<ArgumentException>(() => Checkpoints.Safetensors(tensor with { Name = "__metadata__" }));
    }

    [Fact]
    public void OrderOfOffsetsIsFree()
    {
        var bytes = Checkpoints.Safetensors(
            """{"b":{"dtype":"I8","shape":[1],"data_offsets":[2,3]},"a":{"x":[[]],"data_offsets":[0,2],"shape":[2],"dtype":"I8"}}""", 3);

        Assert.Equal(["b", "a"], SafetensorsFile.Parse(bytes, "x").Tensors.Keys);
    }

    [Theory]
    [InlineData("[1]", 0, "doesn't begin with '{'")]
    [InlineData(" {}", 0, "doesn't begin with '{'")]
    [InlineData("{} {}", 0, "isn't JSON")]
    [InlineData("{", 0, "isn't JSON")]
    [InlineData("""{"\ud800":1}""", 0, "isn't JSON")]
    [InlineData("""{"a":[]}""", 0, "a is StartArray, expected StartObject")]
    [InlineData("""{"__metadata__":{"epoch":1}}""", 0, "__metadata__ is Number, expected String")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "names 'a' twice")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1]}}""", 1, "a lacks its dtype, its shape or its two data_offsets")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[1]}}""", 1, "two data_offsets")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1,2]}}""", 1, "more than 2 numbers")]
    [InlineData("""{"a":{"dtype":"I8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1, "names 'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}""", 1, "a is of type 'F4' in 'x.safetensors', expected one of")]
    [InlineData("""{"a":{"dtype":"I8","shape":[-1],"data_offsets":[0,1]}}""", 1, "whole numbers")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1.0],"data_offsets":[0,1]}}""", 1, "whole numbers")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[1,0]}}""", 1, "expected to begin at 0")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,99999999999]}}""", 1, "ends at 99999999999, but only 1 bytes")]
    [InlineData("""{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,1]}}""", 1, "a has 1 bytes, expected 2 for Int8 [2]")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "expected more than 2^63")]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 2, "end at 1, but 2 bytes follow")]
    public void BrokenRulesAreNamed(string header, int dataLength, string message) =>
        Assert.Contains(message, Refusal(Checkpoints.Safetensors(header, dataLength)));

    [Theory]
    [InlineData("""{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"I8","shape":[1],"data_offsets":[2,3]}}""",
        "b lies at 2 to 3, expected to begin at 1")] // a hole
    [InlineData("""{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}}""",
        "b lies at 1 to 3, expected to begin at 2")] // an overlap
    [InlineData("""{"a":{"dtype":"I8","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"I8","shape":[3],"data_offsets":[0,3]}}""",
        "names 'a' twice")]
    public void TensorsMustShareTheBytesExactly(string header, string message) =>
        Assert.Contains(message, Refusal(Checkpoints.Safetensors(header, 3)));

    [Fact]
    public void HeaderLengthIsCheckedBeforeAnythingIsMade()
    {
        Assert.Contains("claims 100000001 bytes, expected at most 100000000", Refusal([.. BitConverter.GetBytes(100_000_001L), (byte)'{']));
        Assert.Contains("claims 100000000 bytes, but only 1 follow", Refusal([.. BitConverter.GetBytes(100_000_000L), (byte)'{']));
        Assert.Contains("claims 18446744073709551615 bytes", Refusal([.. BitConverter.GetBytes(-1L), (byte)'{']));
        Assert.Contains("has 3 bytes, expected 8 or more", Refusal([1, 2, 3]));
        Assert.Contains("doesn't begin with '{'", Refusal(new byte[8]));
        Assert.Contains("isn't UTF-8", Refusal([.. BitConverter.GetBytes(2L), (byte)'{', 0xff]));
    }

    [Fact]
    public void ManyEdgesDoNotFillTheMemory()
    {
        var edges = string.Join(',', Enumerable.Repeat('1', 2_000_000));
        var bytes = Checkpoints.Safetensors("""{"a":{"dtype":"I8","data_offsets":[0,1],"shape":[""" + edges + "]}}", 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refusal(bytes);

        Assert.Contains("a: its shape has more than 64 numbers", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length);
    }

    [Fact]
    public void HostileNamesDoNotReachTheTerminal()
    {
        var message = Refusal(Checkpoints.Safetensors("""{"\u001b[2J""" + new string('a', 5000) + "\":1}", 0));

        Assert.DoesNotContain('\u001b', message);
        Assert.InRange(message.Length, 1, 300);
    }

    [Fact]
    public void GoldenHoldsWhatPyTorchListed()
    {
        var file = SafetensorsFile.Read(SharedFiles.Golden("mobilenet.safetensors"));
        var lines = File.ReadAllLines(SharedFiles.Golden("mobilenet_state_dict.txt")).Select(line => line.Split('\t')).ToList();

        Assert.Equal(314, file.Tensors.Count);
        Assert.Equal(lines.Select(line => line[0]).Order(), file.Tensors.Keys.Order());
        Assert.All(lines, line =>
        {
            var tensor = file.Tensors[line[0]];
            var sum = tensor.Type == WeightType.Int64 ? BitConverter.ToInt64(tensor.Data.Span) : tensor.ToSingles().Sum(x => (double)x);

            Assert.Equal(line[1], tensor.Type.ToString().ToLowerInvariant());
            Assert.Equal(line[2], $"[{string.Join(", ", tensor.Shape)}]");
            Assert.Equal(double.Parse(line[3]), sum, tolerance: 1e-4 + (1e-6 * Math.Abs(sum)));
        });
    }

    [Theory]
    [InlineData("mobilenet_io.safetensors", 4)]
    [InlineData("embedding.safetensors", 2)]
    [InlineData("arcface.safetensors", 45)]
    public void FilesOfTheOfficialWriterAreRead(string name, int count) =>
        Assert.Equal(count, SafetensorsFile.Read(SharedFiles.Golden(name)).Tensors.Count);

    internal static void AssertSame(WeightTensor expected, WeightTensor actual)
    {
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(expected.Data.Span.SequenceEqual(actual.Data.Span), expected.Name);
    }

    private static string Header(byte[] file) => Encoding.UTF8.GetString(file, 8, BitConverter.ToInt32(file));

    private static string Refusal(byte[] file) =>
        Assert.Throws<TrainerException>(() => SafetensorsFile.Parse(file, "x.safetensors")).Message;
}
