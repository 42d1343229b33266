using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Trainer.Core.Metrics;
using Trainer.Core.Training;
using Trainer.Core.Training.Saving;
using Xunit;

namespace Trainer.Core.Tests.Training.Saving;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Events => Path.Combine(folder.Root, "run", "tensorboard");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void CurvesReadBackFromTheFile()
    {
        var log = new TensorBoardLog(Events);

        log.Add(new StepDone(0, 0, 0, 20, 19, 2.5, 0.001, 40));
        log.Add(new StepDone(0, 7, 7, 20, 12, 2.25, 0.001, 40)); // between the steps that are kept
        log.Add(new StepDone(0, 10, 10, 20, 9, 1.5, 0.0005, 40));
        log.Add(new Validated(
            0, 20, Distribution.Of([0.5f, 0.75f]), Distribution.Of([]), double.NaN, double.NaN, 0.5, double.NaN, 0.9, Best: true));

        Assert.Equal(
            [
                ("train/loss", 0, 2.5f), ("train/learning rate", 0, 0.001f), ("train/loss", 10, 1.5f), ("train/learning rate", 10, 0.0005f),
                ("validation/cosine of normals", 20, 0.625f), ("validation/threshold", 20, 0.5f), // and no NaN
            ],
            Directory.GetFiles(Events).SelectMany(file => Scalars(File.ReadAllBytes(file))));
    }

    [Fact]
    public void NothingIsMadeBeforeTheFirstFigure()
    {
        var log = new TensorBoardLog(Events);

        log.Add(new Notice("nothing to draw"));

        Assert.False(Directory.Exists(Events));
    }

    /// <summary>A TFRecord file by its specification: length, checksum of the length, content, checksum of the content.</summary>
    private static List<(string Tag, long Step, float Value)> Scalars(byte[] file)
    {
        var scalars = new List<(string, long, float)>();
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(MaskedCrc(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var content = file.AsSpan(at + 12, length);
            Assert.Equal(MaskedCrc(content), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
            var record = Fields(content.ToArray());
            if (record.TryGetValue(5, out var summary)) // the first record has only the version
            {
                var value = Fields((byte[])Fields((byte[])summary)[1]);
                scalars.Add((Encoding.UTF8.GetString((byte[])value[1]), (long)(ulong)record.GetValueOrDefault(2, 0UL),
                    BitConverter.ToSingle((byte[])value[2])));
            }
        }

        return scalars;
    }

    /// <summary>The fields of a protobuf message by their numbers; the last one if a field is repeated.</summary>
    private static Dictionary<int, object> Fields(byte[] message)
    {
        var fields = new Dictionary<int, object>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint();
            fields[(int)(tag >> 3)] = (tag & 7) switch
            {
                0 => Varint(),
                1 => Bytes(8),
                2 => Bytes((int)Varint()),
                5 => Bytes(4),
                _ => throw new InvalidDataException($"Wire type {tag & 7} at {at}."),
            };
        }

        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                value |= (ulong)(message[at] & 127) << shift;
                if (message[at++] < 128)
                {
                    return value;
                }
            }
        }

        byte[] Bytes(int count) => message[at..(at += count)];
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
