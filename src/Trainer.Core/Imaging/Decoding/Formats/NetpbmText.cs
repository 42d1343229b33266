namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>
/// Reads decimal numbers separated by white space and comments: the headers of Netpbm formats, and all of a plain-text file.
/// </summary>
/// <param name="file">Read from its current position, and further ahead than the text.</param>
internal sealed class NetpbmText(Stream file)
{
    private const int Most = 1_000_000_000; // larger numbers are read as this

    private readonly ByteReader bytes = new(file);

    /// <summary>The position in the file after the text read so far.</summary>
    public long Position => bytes.Position;

    /// <summary>The next number; the one character after it is read too.</summary>
    /// <exception cref="UndecodableImageException">There is none.</exception>
    public int Number()
    {
        long number = Digit();
        for (var next = Next(); next is >= '0' and <= '9'; next = Next())
        {
            number = Math.Min((10 * number) + next - '0', Most);
        }

        return (int)number;
    }

    /// <summary>The next digit. In a plain PBM, the digits need no separators.</summary>
    /// <exception cref="UndecodableImageException">There is none.</exception>
    public int Digit()
    {
        var next = Next();
        while (next is ' ' or (>= '\t' and <= '\r'))
        {
            next = Next();
        }

        return next switch
        {
            >= '0' and <= '9' => next - '0',
            -1 => throw new UndecodableImageException("cut short"),
            _ => throw new UndecodableImageException("damaged: no number where one is expected"),
        };
    }

    /// <summary>The next character, or -1 at the end. A comment extends to the end of its line and is read as a line end.</summary>
    private int Next()
    {
        var next = bytes.Next();
        if (next == '#')
        {
            while (next is not ('\n' or '\r' or -1))
            {
                next = bytes.Next();
            }
        }

        return next;
    }
}
