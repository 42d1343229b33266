using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Trainer.Core.Imaging.Caching;

/// <summary>The cache key of a decoded picture; equal files have equal keys.</summary>
/// <param name="Content">Hash of the file's content.</param>
/// <param name="Length">Size of the file in bytes.</param>
/// <param name="ShorterSide">The shorter side towards which the picture was reduced while decoding.</param>
public readonly record struct PictureKey(ulong Content, long Length, int ShorterSide);

/// <summary>A file of decoded pictures, which only the process that made it appends to, with an index of 56 bytes per picture.</summary>
/// <remarks>
/// An index line is written after its pixels, and contains a hash of itself and one of the pixels. So a picture left unfinished by a crash,
/// a full disk or a process that is still writing looks as if it weren't there, and neither locks nor flushes are needed.
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

    /// <summary>The place of one picture.</summary>
    public sealed record Place(PixelSegment Segment, long Offset, int Width, int Height, ulong Hash)
    {
        public int Bytes => Width * Height * 3;
    }

    public string Path { get; }

    /// <summary>How many bytes of pixels the segment had when it was opened.</summary>
    public long Length { get; }

    /// <summary>When a run last used the segment.</summary>
    public DateTime LastUse => LastUseOf(Path);

    /// <inheritdoc cref="LastUse"/>
    public static DateTime LastUseOf(string path) => File.GetLastWriteTimeUtc(path + IndexExtension);

    public static PixelSegment Create(string folder) =>
        new(System.IO.Path.Combine(folder, $"{Guid.NewGuid():N}.pixels"), FileMode.CreateNew, FileAccess.ReadWrite);

    public static PixelSegment Open(string path) => new(path, FileMode.Open, FileAccess.Read);

    /// <summary>The pictures that are complete according to the index.</summary>
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

    /// <summary>The picture; null when its pixels don't match their hash.</summary>
    public RgbImage? Read(Place place)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(place.Bytes);
        var read = RandomAccess.Read(pixels, buffer, place.Offset);
        return read == buffer.Length && XxHash3.HashToUInt64(buffer) == place.Hash ? new RgbImage(place.Width, place.Height, buffer) : null;
    }

    /// <summary>Adds a picture; any number of threads may call this at once.</summary>
    public Place Append(PictureKey key, RgbImage image)
    {
        var offset = Interlocked.Add(ref pixelsEnd, image.Pixels.Length) - image.Pixels.Length;
        var place = new Place(this, offset, image.Width, image.Height, XxHash3.HashToUInt64(image.Pixels));
        RandomAccess.Write(pixels, image.Pixels, offset);
        Span<byte> line = stackalloc byte[LineBytes];
        ReadOnlySpan<long> words =
            [(long)key.Content, key.Length, offset, (uint)image.Width | ((long)image.Height << 32), (long)place.Hash, key.ShorterSide];
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

    /// <summary>Records that a run uses the segment, so that segments not in use are deleted before it.</summary>
    public void Touch() => File.SetLastWriteTimeUtc(Path + IndexExtension, DateTime.UtcNow);

    /// <summary>Deletes the segment from the disk.</summary>
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
