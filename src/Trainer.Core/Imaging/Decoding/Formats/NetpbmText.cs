namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>Numbers as digits, with white space and comments between them: the headers of Netpbm's formats, and all of their plain ones.</summary>
/// <param name="file">Read from where it stands, and further ahead than the text goes.</param>
internal sealed class NetpbmText(Stream file)
{
    private const int Most = 1_000_000_000; // whatever a file claims beyond it

    private readonly ByteReader bytes = new(file);

    /// <summary>Where in the file the text goes on.</summary>
    public long Position => bytes.Position;

    /// <summary>The next number; takes the one character behind it.</summary>
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

    /// <summary>The next digit. Plain bitmaps have nothing between their digits.</summary>
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

    /// <summary>The next character, or -1 at the end. A comment goes to the end of its line and counts as that end.</summary>
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
