using System.Text;
using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>libvips, set up once for the whole process: its readers that aren't meant for the files of strangers are blocked.</summary>
/// <remarks>
/// libvips is held to one thread a picture, because callers run over many pictures at once. It collects what went wrong in one buffer for all
/// threads, also warnings about files that it read in the end; and what is blocked is blocked for all threads. Hence the lock: users' files are
/// decoded under its shared half.
/// </remarks>
internal static class VipsLibrary
{
    /// <summary>The reader of SVG in memory; the one of SVG files always stays blocked.</summary>
    private const string SvgReader = "VipsForeignLoadSvgBuffer";

    private static readonly ReaderWriterLockSlim Lock = new();

    static VipsLibrary()
    {
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, (_, _, _) => { }); // reasons come as exceptions; stderr is the user's
    }

    /// <summary>Reads a user's file: together with other threads, and once more alone if it fails, to learn this file's own reason.</summary>
    /// <param name="path">Left out of the reason.</param>
    /// <exception cref="UndecodableImageException">libvips can't read it.</exception>
    public static T Read<T>(string path, Func<T> read)
        where T : struct => TogetherWithOthers(read) ?? Alone(path, read);

    /// <summary>
    /// An SVG drawing of our own, rendered when its pixels are asked for. Only here is a reader of SVG unblocked, for the moment in which the
    /// drawing is opened and no user's file is being read.
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
            _ = new VipsException(""); // takes what stands in the buffer, and so empties it
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
