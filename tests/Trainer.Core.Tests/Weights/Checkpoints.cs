using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;

namespace Trainer.Core.Tests.Weights;

/// <summary>Makes weight files in memory.</summary>
internal static class Checkpoints
{
    public static byte[] Bytes(params float[] numbers) => MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();

    public static WeightTensor Floats(string name, long[] shape, params float[] numbers) =>
        new(name, WeightType.Float32, shape, Bytes(numbers));

    public static byte[] Zip(params (string Name, byte[] Content)[] entries) => Zip(CompressionLevel.NoCompression, entries);

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A checkpoint with one storage, named 0.</summary>
    public static byte[] Pth(byte[] pickle, params float[] storage) => Zip(
        ("net/data.pkl", pickle),
        ("net/byteorder", "little"u8.ToArray()),
        ("net/data/0", Bytes(storage)),
        ("net/version", "3\n"u8.ToArray()));

    /// <summary>A checkpoint {"w": tensor} whose tensor is a view of a storage of floats.</summary>
    public static byte[] View(long count, long offset, long[] shape, long[] strides, params float[] storage) => Pth(
        new PickleWriter().Code("}").Text("w").Tensor("FloatStorage", "0", count, offset, shape, strides).Code("s").Stop(), storage);

    public static byte[] Safetensors(params WeightTensor[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors);
        return stream.ToArray();
    }

    /// <summary>A safetensors file with this header and this many zero bytes.</summary>
    public static byte[] Safetensors(string header, int dataLength)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[dataLength]];
    }
}
