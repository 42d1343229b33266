using NetVips;

namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>PBM, PGM and PPM: bits, grey or RGB, binary or plain, up to 16 bits a value.</summary>
/// <remarks>
/// <see href="https://netpbm.sourceforge.net/doc/"/>, pbm(5), pgm(5), ppm(5). Read here, because our libvips has no reader of them, and that of
/// ImageSharp 2.1 reads other pixels than these (docs/decisions/0021).
/// </remarks>
internal sealed class NetpbmPicture : IOpenPicture
{
    private readonly TimedFile file;
    private readonly NetpbmText text;
    private readonly bool isPlain;
    private readonly int bands, bitsEach;
    private readonly byte[] tones; // of each value that may occur
    private Image? image;

    /// <param name="file">Ends with this, unless there is an error.</param>
    /// <exception cref="UndecodableImageException">The header is damaged, or the file too short for it.</exception>
    public NetpbmPicture(TimedFile file)
    {
        this.file = file;
        file.Position = 1;
        text = new NetpbmText(file);
        var kind = text.Digit();
        isPlain = kind <= 3;
        bands = kind is 3 or 6 ? 3 : 1;
        (Width, Height) = (text.Number(), text.Number());
        var most = kind is 1 or 4 ? 1 : text.Number();
        if (Width < 1 || Height < 1 || most is < 1 or > ushort.MaxValue)
        {
            throw new UndecodableImageException($"damaged: {Width}x{Height} pixels with values up to {most}");
        }

        bitsEach = kind is 1 or 4 ? 1 : most <= byte.MaxValue ? 8 : 16;
        tones = bitsEach == 1 ? [255, 0] : [.. Enumerable.Range(0, most + 1).Select(value => (byte)(((value * 255) + (most / 2)) / most))];
        if (file.Length - text.Position < LeastBytes())
        {
            throw new UndecodableImageException("cut short");
        }
    }

    public int Width { get; }

    public int Height { get; }

    private long BytesOfRow => (((long)Width * bands * bitsEach) + 7) / 8;

    public Image Load(int shorterSide, CancellationToken limit)
    {
        file.Limit = limit;
        var pixels = new byte[Width * Height * bands];
        var packed = new byte[isPlain ? 0 : BytesOfRow];
        file.Position = isPlain ? file.Position : text.Position;
        for (var y = 0; y < Height; y++)
        {
            ReadRow(pixels.AsSpan(y * Width * bands, Width * bands), packed);
        }

        return image = ReducedImage.Of(Image.NewFromMemory(pixels, Width, Height, bands, Enums.BandFormat.Uchar), shorterSide);
    }

    public void Dispose()
    {
        image?.Dispose();
        file.Dispose();
    }

    /// <summary>Digits are at least one byte each, and have one between them where they can be several.</summary>
    private Int128 LeastBytes() => !isPlain ? (Int128)BytesOfRow * Height
        : bitsEach == 1 ? (Int128)Width * Height
        : ((Int128)Width * Height * bands * 2) - 1;

    private void ReadRow(Span<byte> row, byte[] packed)
    {
        file.ReadExactly(packed);
        for (var i = 0; i < row.Length; i++)
        {
            var value = (isPlain, bitsEach) switch
            {
                (true, 1) => text.Digit(),
                (true, _) => text.Number(),
                (false, 1) => (packed[i >> 3] >> (7 - (i & 7))) & 1,
                (false, 8) => packed[i],
                _ => (packed[2 * i] << 8) | packed[(2 * i) + 1],
            };
            row[i] = value < tones.Length ? tones[value] : throw new UndecodableImageException($"damaged: a value of {value}, where {tones.Length - 1} is the most");
        }
    }
}
