using System.IO.Compression;
using System.Text;
using NetVips;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Samples;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

/// <summary>
/// A user's SVG can refer to other files and take for ever to draw, so it is never rendered, although trainer renders its own drawings.
/// </summary>
public sealed class SvgTests : IDisposable
{
    private const string Svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='red'/></svg>";

    private readonly TemporaryFolder folder = new();

    /// <summary>Text before the drawing: nothing, valid beginnings of SVG, and beginnings of other formats.</summary>
    public static TheoryData<string> Starts =>
    [
        "", "\n\n", "<?xml version='1.0'?>", "<!DOCTYPE svg>", "\u00EF\u00BB\u00BF", "<!-- a comment -->", "<!--ftypheic-->",
        "<!--ftypavif-->",
        "\u00FF\u00D8\u00FF", "\u0089PNG\r\n\u001A\n", "RIFF1234WEBP", "GIF89a", "II*\0", "MM\0*", "BM", "P1 9 9\n", "P6 9 9 255\n",
        "\0\0\u0002",
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Starts))]
    public void UsersDrawingsAreRefusedWhateverTheyBeginWith(string start)
    {
        byte[] content = [.. Encoding.Latin1.GetBytes(start), .. Encoding.UTF8.GetBytes(Svg)];

        foreach (var (name, file) in (IEnumerable<(string, byte[])>)[
            ("a.svg", content), ("a.jpg", content), ("a.tga", content), ("a.svgz", Gzip(content)), ("b.jpg", Gzip(content)),
            ("c.jpg", [.. content, .. "TRUEVISION-XFILE.\0"u8])])
        {
            var path = folder.Write(name, file);

            Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(path));
        }
    }

    /// <summary>The decoder doesn't request it, and libvips wouldn't do it either, whatever the request.</summary>
    [Fact]
    public async Task NoReaderOfSvgWorksWhileAFileIsReadEvenAmongDrawing()
    {
        var path = folder.Write("a.svg", Encoding.UTF8.GetBytes(Svg));
        using var enough = new CancellationTokenSource();
        var drawing = Enumerable.Range(0, 2).Select(i => Task.Run(() =>
        {
            for (var drawn = 0; ; drawn++)
            {
                if (enough.IsCancellationRequested && drawn > 0)
                {
                    return drawn;
                }

                SamplePictures.Draw(SampleKind.Hard, drawn, (ulong)i);
            }
        })).ToArray();
        for (var i = 0; i < 200; i++)
        {
            AssertBlocked(path);
        }

        await enough.CancelAsync();
        await Task.WhenAll(drawing);
        AssertBlocked(path);
    }

    [Fact]
    public void OwnDrawingsAreRendered()
    {
        using var drawing = VipsLibrary.OpenOwnDrawing(Svg);

        Assert.Equal([255, 0, 0, 255], drawing.WriteToMemory<byte>()[..4]);
    }

    private static void AssertBlocked(string path) => VipsLibrary.Read(path, () =>
    {
        Assert.Throws<VipsException>(() => Image.Svgload(path));
        Assert.Throws<VipsException>(() => Image.NewFromFile(path));
        Assert.Throws<VipsException>(() => Image.SvgloadBuffer(Encoding.UTF8.GetBytes(Svg)));
        Assert.Throws<VipsException>(() => Image.NewFromBuffer(Encoding.UTF8.GetBytes(Svg)));
        return true;
    });

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
