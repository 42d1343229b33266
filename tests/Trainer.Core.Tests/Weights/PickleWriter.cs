using System.Buffers.Binary;
using System.Text;

namespace Trainer.Core.Tests.Weights;

/// <summary>Writes pickles like torch.save, and also ones that it would never write.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> pickle = [];

    public PickleWriter(byte protocol = 2) => Bytes(0x80, protocol);

    public PickleWriter Bytes(params ReadOnlySpan<byte> bytes)
    {
        pickle.AddRange(bytes);
        return this;
    }

    public PickleWriter Code(string opcodes) => Bytes(Encoding.ASCII.GetBytes(opcodes));

    public PickleWriter Global(string module, string name) => Code($"c{module}\n{name}\n");

    public PickleWriter Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Code("X").Int32(bytes.Length).Bytes(bytes);
    }

    /// <summary>Writes an integer as LONG1, which holds any long.</summary>
    public PickleWriter Whole(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Bytes(0x8a, 8).Bytes(bytes);
    }

    public PickleWriter Tuple(params long[] values)
    {
        Code("(");
        foreach (var value in values)
        {
            Whole(value);
        }

        return Code("t");
    }

    /// <param name="view">Bytes after the count in the persistent id: none, or N (None) in the old format.</param>
    public PickleWriter Tensor(string storageClass, string key, long count, long offset, long[] shape, long[] strides, string view = "") =>
        this
        .Global("torch._utils", "_rebuild_tensor_v2").Code("(")
        .Code("(").Text("storage").Global("torch", storageClass).Text(key).Text("cpu").Whole(count).Code(view + "tQ")
        .Whole(offset).Tuple(shape).Tuple(strides).Bytes(0x89).OrderedDict().Code("tR");

    public PickleWriter Floats(string key, params long[] shape)
    {
        var strides = new long[shape.Length];
        long count = 1;
        for (var edge = shape.Length - 1; edge >= 0; edge--)
        {
            strides[edge] = count;
            count *= shape[edge];
        }

        return Tensor("FloatStorage", key, count, 0, shape, strides);
    }

    public PickleWriter OrderedDict() => Global("collections", "OrderedDict").Code(")R");

    public byte[] Stop() => [.. Code(".").pickle];

    private PickleWriter Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Bytes(bytes);
    }
}
