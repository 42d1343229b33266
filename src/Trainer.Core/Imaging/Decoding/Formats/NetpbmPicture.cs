using NetVips;

namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>Reads PBM, PGM and PPM: black and white, grey or RGB, binary or plain text, with up to 16 bits per value.</summary>
/// <remarks>
/// <see href="https://netpbm.sourceforge.net/doc/"/>, pbm(5), pgm(5), ppm(5). This reader exists because the libvips in use has none for
/// these formats, and that of ImageSharp 2.1 gives wrong pixels (docs/decisions/0021).
/// </remarks>
internal sealed class NetpbmPicture : IOpenPicture
{
    private readonly TimedFile file;
    private readonly NetpbmText text;
    private readonly bool isPlain;
    private readonly int bands, bitsEach;
    private readonly byte[] tones; // the 8-bit value for each possible stored value
    private Image? image;

    /// <param name="file">Disposed together with this picture, unless the constructor throws.</param>
    /// <exception cref="UndecodableImageException">The header is damaged, or the file is too short for it.</exception>
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

    /// <summary>
    /// The smallest possible size of the pixels in bytes. In plain text a value has at least one digit, and values above 1 are separated by
    /// at least one character.
    /// </summary>
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
            row[i] = value < tones.Length
                ? tones[value]
                : throw new UndecodableImageException($"damaged: a value of {value}, where {tones.Length - 1} is the maximum");
        }
    }
}
