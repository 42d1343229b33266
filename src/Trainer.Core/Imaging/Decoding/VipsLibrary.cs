using System.Text;
using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>libvips, set up once for the whole process. Its readers that aren't safe for untrusted files are blocked.</summary>
/// <remarks>
/// libvips uses one thread per picture, because callers decode many pictures at once. It collects error messages in one buffer for all
/// threads, even warnings about files that it could read, and a reader is always blocked for all threads. This is why there is a lock:
/// users' files are decoded under its read lock.
/// </remarks>
internal static class VipsLibrary
{
    /// <summary>The reader of SVG in memory. The reader of SVG files always stays blocked.</summary>
    private const string SvgReader = "VipsForeignLoadSvgBuffer";

    private static readonly ReaderWriterLockSlim Lock = new();

    static VipsLibrary()
    {
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, (_, _, _) => { }); // errors arrive as exceptions instead of on stderr
    }

    /// <summary>
    /// Reads a user's file together with other threads. If that fails, it is read again alone to get the error of this file.
    /// </summary>
    /// <param name="path">The file's path, which is removed from the error.</param>
    /// <exception cref="UndecodableImageException">libvips can't read it.</exception>
    public static T Read<T>(string path, Func<T> read)
        where T : struct => TogetherWithOthers(read) ?? Alone(path, read);

    /// <summary>
    /// Opens an SVG drawing that trainer made; it is rendered when its pixels are first used. Only here is a reader of SVG unblocked, while
    /// the drawing is opened and no user's file is being read.
    /// </summary>
    public static Image OpenOwnDrawing(string svg)
    {
        Lock.EnterWriteLock();
        try
        {
            Operation.Block(SvgReader, false);
            return Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg));
        }
        finally
        {
            Operation.Block(SvgReader, true);
            Lock.ExitWriteLock();
        }
    }

    private static T? TogetherWithOthers<T>(Func<T> read)
        where T : struct
    {
        Lock.EnterReadLock();
        try
        {
            return read();
        }
        catch (VipsException)
        {
            return null;
        }
        finally
        {
            Lock.ExitReadLock();
        }
    }

    private static T Alone<T>(string path, Func<T> read)
    {
        Lock.EnterWriteLock();
        try
        {
            _ = new VipsException(""); // takes over the error buffer's content, which empties it
            return read();
        }
        catch (VipsException e)
        {
            throw new UndecodableImageException(Reason(e, path), e);
        }
        finally
        {
            Lock.ExitWriteLock();
        }
    }

    private static string Reason(VipsException e, string path)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(line => !line.StartsWith("unable to", StringComparison.Ordinal)) ?? "damaged";
        return line.Replace($"{path}: ", "", StringComparison.Ordinal);
    }
}
