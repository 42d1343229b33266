using System.Buffers.Binary;
using System.Numerics;

namespace Trainer.Core.Weights.Pickling;

/// <summary>A PyTorch checkpoint in the format of versions 0.1.10 to 1.5: five pickles in sequence, then the storages' bytes.</summary>
/// <remarks>
/// The pickles are a magic number, the protocol version, the sizes of C types on the machine that wrote the file, the object, and the keys
/// of its storages in order. Then follow, for each key, a 64-bit count and that many numbers, always little-endian. See
/// <c>legacy_save</c> in PyTorch's <see href="https://github.com/pytorch/pytorch/blob/v1.5.0/torch/serialization.py"/>.
/// </remarks>
internal sealed class PthStream : IPthContainer
{
    private const long ProtocolVersion = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", provider: null); // 0x1950a86a20f9469cfc6c

    private readonly ReadOnlyMemory<byte> content;
    private readonly string fileName;
    private readonly Dictionary<string, ReadOnlyMemory<byte>> storages = [];
    private int position;

    /// <summary>Reads the pickles, and finds the bytes of each storage.</summary>
    /// <exception cref="TrainerException">The file wasn't written by <c>torch.save</c>, or is damaged.</exception>
    public PthStream(byte[] content, string fileName)
    {
        (this.content, this.fileName) = (content, fileName);
        Limit = new AllocationLimit(fileName, content.Length);
        if (NextPickle().Value is not BigInteger number || number != Magic)
        {
            throw Damaged("begins with a pickle that isn't PyTorch's magic number");
        }

        if (NextPickle().Value is not ProtocolVersion)
        {
            throw Damaged($"isn't of protocol {ProtocolVersion}, the only one that PyTorch ever wrote");
        }

        NextPickle(); // the sizes of C types aren't needed
        var saved = NextPickle();
        Saved = saved.Value;
        if (NextPickle().Value is not List<object?> keys)
        {
            throw Damaged("has no list of storages after its object");
        }

        FindStorages(keys, ByKey(saved.Storages));
    }

    public object? Saved { get; }

    public AllocationLimit Limit { get; }

    public ReadOnlyMemory<byte> Read(PickledStorage storage) =>
        storages.TryGetValue(storage.Key, out var bytes) ? bytes : throw Damaged($"has no storage '{ErrorText.Name(storage.Key)}'");

    public TrainerException Damaged(string what) => new(
        $"'{fileName}' isn't a complete PyTorch checkpoint of the old format: it {what}. "
        + "Get it again, or save it again with torch.save(model.state_dict(), path).");

    public void Dispose()
    {
        // Everything is in managed memory.
    }

    private Unpickled NextPickle()
    {
        var unpickled = Unpickler.Load(content[..Math.Min(content.Length, PthFile.LongestPickle)], fileName, position);
        position = unpickled.End;
        return unpickled;
    }

    private Dictionary<string, PickledStorage> ByKey(IEnumerable<PickledStorage> claimed)
    {
        var byKey = new Dictionary<string, PickledStorage>();
        foreach (var storage in claimed)
        {
            if (!byKey.TryAdd(storage.Key, storage) && byKey[storage.Key] is var other
                && (other.Type, other.RootCount) != (storage.Type, storage.RootCount))
            {
                throw Damaged($"describes storage '{ErrorText.Name(storage.Key)}' as {other.RootCount} numbers of {other.Type} "
                    + $"and as {storage.RootCount} of {storage.Type}");
            }
        }

        return byKey;
    }

    private void FindStorages(List<object?> keys, Dictionary<string, PickledStorage> claimed)
    {
        foreach (var item in keys)
        {
            if (item is not string key || !claimed.TryGetValue(key, out var storage))
            {
                throw Damaged($"lists storage '{ErrorText.Name(item as string ?? "")}', which its object doesn't use");
            }

            if (!storages.TryAdd(key, NextStorage(storage)))
            {
                throw Damaged($"lists storage '{ErrorText.Name(key)}' twice");
            }
        }

        if (position < content.Length)
        {
            throw Damaged($"has extra data after its last storage ({content.Length - position} bytes)");
        }
    }

    private ReadOnlyMemory<byte> NextStorage(PickledStorage storage)
    {
        var count = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), storage).Span);
        return count == storage.RootCount
            ? Take((Int128)count * storage.Type.Size(), storage)
            : throw Damaged($"has {count} numbers in storage '{ErrorText.Name(storage.Key)}', expected {storage.RootCount}");
    }

    private ReadOnlyMemory<byte> Take(Int128 byteCount, PickledStorage storage)
    {
        if (byteCount > content.Length - position)
        {
            throw Damaged(
                $"ends within storage '{ErrorText.Name(storage.Key)}': {byteCount} bytes are expected where {content.Length - position} "
                + "are left");
        }

        var taken = content.Slice(position, (int)byteCount);
        position += (int)byteCount;
        return taken;
    }
}
