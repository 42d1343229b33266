using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Trainer.Core.Imaging.Caching;

/// <summary>What a picture file is known by: equal files have equal keys.</summary>
/// <param name="Content">Hash of the content.</param>
/// <param name="Length">Size of the file in bytes.</param>
/// <param name="ShorterSide">Towards which it was reduced while decoding.</param>
public readonly record struct PictureKey(ulong Content, long Length, int ShorterSide);

/// <summary>Decoded pictures in a file that only its maker appends to, and beside it an index, a line of 56 bytes a picture.</summary>
/// <remarks>
/// An index line follows its pixels and carries a hash of itself and one of them. What a crash, a full disk or a process that is still writing leaves
/// unfinished therefore reads as not there, and nobody needs a lock or a flush.
/// </remarks>
internal sealed class PixelSegment : IDisposable
{
    private const string IndexExtension = ".index";
    private const int HashedBytes = 48;
    private const int LineBytes = HashedBytes + sizeof(ulong);

    private readonly SafeFileHandle pixels;
    private readonly SafeFileHandle index;
    private readonly Lock appending = new();
    private long pixelsEnd;
    private long indexEnd;

    private PixelSegment(string path, FileMode mode, FileAccess access)
    {
        const FileShare Anyone = FileShare.ReadWrite | FileShare.Delete;
        Path = path;
        index = File.OpenHandle(path + IndexExtension, mode, access, Anyone);
        try
        {
            pixels = File.OpenHandle(path, mode, access, Anyone);
            Length = RandomAccess.GetLength(pixels);
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>Where one picture lies.</summary>
    public sealed record Place(PixelSegment Segment, long Offset, int Width, int Height, ulong Hash)
    {
        public int Bytes => Width * Height * 3;
    }

    public string Path { get; }

    /// <summary>Bytes of pixels when it was opened.</summary>
    public long Length { get; }

    /// <summary>When a run last made use of it.</summary>
    public DateTime LastUse => LastUseOf(Path);

    /// <inheritdoc cref="LastUse"/>
    public static DateTime LastUseOf(string path) => File.GetLastWriteTimeUtc(path + IndexExtension);

    public static PixelSegment Create(string folder) =>
        new(System.IO.Path.Combine(folder, $"{Guid.NewGuid():N}.pixels"), FileMode.CreateNew, FileAccess.ReadWrite);

    public static PixelSegment Open(string path) => new(path, FileMode.Open, FileAccess.Read);

    /// <summary>The pictures that are whole, as far as the index tells.</summary>
    public IEnumerable<KeyValuePair<PictureKey, Place>> Pictures()
    {
        var lines = new byte[RandomAccess.GetLength(index)];
        var read = RandomAccess.Read(index, lines, 0);
        for (var at = 0; at + LineBytes <= read; at += LineBytes)
        {
            var line = lines.AsSpan(at, LineBytes);
            var place = new Place(this, Word(line, 2), (int)Word(line, 3), (int)(Word(line, 3) >> 32), (ulong)Word(line, 4));
            if (XxHash3.HashToUInt64(line[..HashedBytes]) == (ulong)Word(line, 6) && place.Offset + place.Bytes <= Length)
            {
                yield return new(new PictureKey((ulong)Word(line, 0), Word(line, 1), (int)Word(line, 5)), place);
            }
        }
    }

    /// <summary>The picture; null when its pixels aren't what was written.</summary>
    public RgbImage? Read(Place place)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(place.Bytes);
        var read = RandomAccess.Read(pixels, buffer, place.Offset);
        return read == buffer.Length && XxHash3.HashToUInt64(buffer) == place.Hash ? new RgbImage(place.Width, place.Height, buffer) : null;
    }

    /// <summary>Adds a picture; any number of threads may at once.</summary>
    public Place Append(PictureKey key, RgbImage image)
    {
        var offset = Interlocked.Add(ref pixelsEnd, image.Pixels.Length) - image.Pixels.Length;
        var place = new Place(this, offset, image.Width, image.Height, XxHash3.HashToUInt64(image.Pixels));
        RandomAccess.Write(pixels, image.Pixels, offset);
        Span<byte> line = stackalloc byte[LineBytes];
        ReadOnlySpan<long> words = [(long)key.Content, key.Length, offset, (uint)image.Width | ((long)image.Height << 32), (long)place.Hash, key.ShorterSide];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(line[(8 * i)..], words[i]);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(line[HashedBytes..], XxHash3.HashToUInt64(line[..HashedBytes]));
        lock (appending)
        {
            RandomAccess.Write(index, line, indexEnd);
            indexEnd += LineBytes;
        }

        return place;
    }

    /// <summary>Notes that a run makes use of it, so that others go first when room is needed.</summary>
    public void Touch() => File.SetLastWriteTimeUtc(Path + IndexExtension, DateTime.UtcNow);

    /// <summary>Takes it off the disk.</summary>
    public void Delete()
    {
        Dispose();
        Delete(Path);
    }

    /// <inheritdoc cref="Delete()"/>
    public static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(path + IndexExtension);
    }

    public void Dispose()
    {
        pixels.Dispose();
        index.Dispose();
    }

    private static long Word(ReadOnlySpan<byte> line, int i) => BinaryPrimitives.ReadInt64LittleEndian(line[(8 * i)..]);
}
