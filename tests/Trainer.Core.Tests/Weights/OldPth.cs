using Trainer.Core.Weights;

namespace Trainer.Core.Tests.Weights;

/// <summary>Writes checkpoints like PyTorch before 1.6: five pickles, followed by the storages.</summary>
internal static class OldPth
{
    public static byte[] Magic { get; } = new PickleWriter().Bytes(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
        .Stop();

    public static byte[] Protocol { get; } = new PickleWriter().Code("M").Bytes(0xe9, 3).Stop();

    public static byte[] Machine { get; } = new PickleWriter().Code("}(").Text("protocol_version").Code("M").Bytes(0xe9, 3)
        .Text("little_endian").Bytes(0x88).Text("type_sizes").Code("}").Text("long").Code("K\u0004su").Stop();

    public static byte[] Keys(params string[] keys)
    {
        var pickle = new PickleWriter().Code("](");
        foreach (var key in keys)
        {
            pickle.Text(key);
        }

        return pickle.Code("e").Stop();
    }

    public static byte[] Storage(long count, byte[] numbers) => [.. BitConverter.GetBytes(count), .. numbers];

    /// <summary>A checkpoint with one storage of floats, named 0.</summary>
    public static byte[] Write(byte[] saved, params float[] storage) =>
        Write(saved, Keys("0"), Storage(storage.Length, Checkpoints.Bytes(storage)));

    public static byte[] Write(byte[] saved, byte[] keys, byte[] storages) =>
        [.. Magic, .. Protocol, .. Machine, .. saved, .. keys, .. storages];

    /// <summary>A state dict with each tensor in its own storage.</summary>
    public static byte[] Of(IReadOnlyList<WeightTensor> tensors)
    {
        var saved = new PickleWriter().OrderedDict().Code("(");
        var storages = new List<byte[]>();
        foreach (var tensor in tensors)
        {
            saved.Text(tensor.Name).Tensor(
                tensor.Type == WeightType.Int64 ? "LongStorage" : "FloatStorage", $"{storages.Count}", tensor.Count, 0, tensor.Shape,
                Strides(tensor.Shape), "N");
            storages.Add(Storage(tensor.Count, tensor.Data.ToArray()));
        }

        return Write(saved.Code("u").Stop(), Keys([.. Enumerable.Range(0, storages.Count).Select(i => $"{i}")]),
            [.. storages.SelectMany(bytes => bytes)]);
    }

    private static long[] Strides(long[] shape) => [.. shape.Select((_, edge) => shape[(edge + 1)..].Aggregate(1L, (a, b) => a * b))];
}
