using System.Buffers.Binary;
using System.IO.Hashing;

namespace Trainer.Core.Catalog;

/// <summary>Recognises a file by its content without reading all of it.</summary>
/// <remarks>
/// The key covers the length and the first and last 4 KiB, so COCO's 118,000 pictures take seconds instead of reading 19 GB.
/// Different photos may have the same length, but not the same ends: any change in a compressed picture changes its last bytes too.
/// </remarks>
internal static class ContentKey
{
    private const int Sample = 4096;

    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to read the file.</exception>
    public static (long Length, ulong Key) Of(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        Span<byte> buffer = stackalloc byte[Sample + sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(buffer, length);
        var head = RandomAccess.Read(file, buffer[sizeof(long)..], 0);
        var hash = new XxHash3();
        hash.Append(buffer[..(sizeof(long) + head)]);
        if (length > head)
        {
            var tail = RandomAccess.Read(file, buffer[..Sample], Math.Max(length - Sample, head));
            hash.Append(buffer[..tail]);
        }

        return (length, hash.GetCurrentHashAsUInt64());
    }
}
