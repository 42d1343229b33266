using System.Runtime.InteropServices;
using System.Text;
using Trainer.Core.Export.Proof.CoreMl.Programs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>A constant of an ML Program, from the model itself or from weight.bin.</summary>
/// <param name="Bytes">Little-endian, row-major; UTF-8 for text.</param>
internal sealed record Constant(TensorType Type, ReadOnlyMemory<byte> Bytes)
{
    private const string BlobName = "@model_path/weights/weight.bin";

    /// <param name="value">A Value message.</param>
    public static Constant Read(ReadOnlyMemory<byte> value, string name, BlobFile blobs)
    {
        var message = new WireMessage(value, name, 2, 3, 5);
        var type = TensorType.Read(message.Message(2, $"the type of {name}", 1), name);
        if (!message.Has(5))
        {
            return new Constant(type, Immediate(message.Message(3, $"the value of {name}", 1), type, name));
        }

        var place = message.Message(5, $"the place of {name}", 1, 2);
        return place.Text(1) == BlobName && !message.Has(3)
            ? new Constant(type, blobs.Read(name, (ulong)place.Number(2), type))
            : throw new BrokenModelException($"{name} lies in '{place.Text(1)}', expected '{BlobName}'");
    }

    /// <summary>The constant as integers.</summary>
    /// <param name="count">Expected number of values; −1 for a scalar.</param>
    public long[] Wholes(string name, int count) =>
        Type.Element == Element.Int32 && (count < 0 ? Type.Shape.Length == 0 : Type.Shape is [var length] && length == count)
            ? [.. MemoryMarshal.Cast<byte, int>(Bytes.Span).ToArray().Select(number => (long)number)]
            : throw new BrokenModelException($"{name} is {Type}, expected {(count < 0 ? "one whole number" : $"{count} whole numbers")}");

    public string Text(string name) => Type is { Element: Element.String, Shape: [] }
        ? Encoding.UTF8.GetString(Bytes.Span)
        : throw new BrokenModelException($"{name} is {Type}, expected a text");

    public bool Truth(string name) => Type is { Element: Element.Bool, Shape: [] }
        ? Bytes.Span[0] != 0
        : throw new BrokenModelException($"{name} is {Type}, expected true or false");

    /// <summary>The constant as float32; narrower types are widened.</summary>
    public Tensor Floats(string name) => Type.Element switch
    {
        Element.Float32 => tensor(MemoryMarshal.Cast<byte, float>(Bytes.Span).ToArray(), Type.Shape),
        Element.Float16 => tensor(Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(Bytes.Span).ToArray(), half => (float)half), Type.Shape),
        Element.Int8 => tensor(Array.ConvertAll(MemoryMarshal.Cast<byte, sbyte>(Bytes.Span).ToArray(), whole => (float)whole), Type.Shape),
        _ => throw new BrokenModelException($"{name} is {Type}, expected numbers with a point"),
    };

    private static ReadOnlyMemory<byte> Immediate(WireMessage value, TensorType type, string name)
    {
        var tensor = value.Message(1, $"the value of {name}", 1, 2, 3, 4, 7);
        WireMessage Values(int field) => tensor.Message(field, $"the value of {name}", 1);
        ReadOnlyMemory<byte> bytes = type.Element switch
        {
            Element.Float32 => MemoryMarshal.AsBytes<float>(Values(1).Floats(1)).ToArray(),
            Element.Int32 => MemoryMarshal.AsBytes<int>(Array.ConvertAll(Values(2).Numbers(1), number => (int)number)).ToArray(),
            Element.Bool => Array.ConvertAll(Values(3).Numbers(1), truth => (byte)(truth == 0 ? 0 : 1)),
            Element.String => Encoding.UTF8.GetBytes(Values(4).Text(1)),
            _ => Values(7).Bytes(1),
        };
        return type.Element == Element.String || bytes.Length == type.Bytes
            ? bytes
            : throw new BrokenModelException($"{name} has {bytes.Length} bytes, expected {type.Bytes} for {type}");
    }
}
