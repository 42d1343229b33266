namespace Trainer.Core.Scoring.Shards;

/// <summary>Reads a tar from its start to its end, a member at a time, and accepts none that isn't whole.</summary>
/// <remarks>
/// The file isn't trusted: every header has its checksum tested, and memory is taken only for what the caller asks for. .NET's own reader
/// allocates what a header claims and ends in silence where a file is cut between two members; here the two blocks of zeros that end a tar
/// must be there. What follows them is read as another tar, as after <c>cat a.tar b.tar</c>; anything else there is an error.
/// (docs/decisions/0034)
/// </remarks>
/// <param name="tar">Needs no seeking; not disposed here.</param>
internal sealed class TarReader(Stream tar)
{
    private const int EndBlocks = 2;
    private const int MostNameBytes = 4096; // PATH_MAX
    private const int MostPaxBytes = 1 << 20; // extended attributes can be long

    private readonly byte[] block = new byte[TarHeader.BlockSize];
    private byte[]? skipped; // where content goes that nobody wants
    private long position, unread, padding; // of the tar; of the last member's content

    /// <summary>The next member but for those that only describe others; null at the end.</summary>
    /// <exception cref="ShardException">The tar is cut short, damaged, empty, or can't be read.</exception>
    public TarHeader? Next()
    {
        Skip(unread + padding);
        (unread, padding) = (0, 0);
        var zeros = 0;
        var pax = default(PaxRecords);
        while (ReadBlock())
        {
            if (block.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                zeros++;
                continue;
            }

            if (zeros == 1)
            {
                throw Broken($"damaged: one block of zeros at byte {position - (2 * block.Length)}, where {EndBlocks} are its end");
            }

            zeros = 0;
            var header = TarHeader.Of(block) ?? throw NoHeader();
            switch (header.Kind)
            {
                case 'x':
                    pax = PaxRecords.Of(Description(header, MostPaxBytes)) ?? throw Damaged();
                    RequireShort(pax.Path?.Length ?? 0);
                    break;
                case 'L':
                    pax = pax with { Path = TarHeader.Text(Description(header, MostNameBytes)) };
                    break;
                case 'K' or 'g':
                    Skip(header.Size + PaddingOf(header.Size)); // a link's target; what an archiver says of the whole tar
                    break;
                case 'S' or 'M':
                    throw header.Kind == 'S' ? Sparse() : Broken("a part of a tar in several volumes");
                default:
                    var member = header with { Name = pax.Path ?? header.Name, Size = pax.Size ?? header.Size };
                    (unread, padding) = (member.Size, PaddingOf(member.Size));
                    return member;
            }
        }

        return zeros >= EndBlocks ? null : throw (position == 0 ? Broken("the file is empty") : CutShort());
    }

    /// <summary>The content of the last member that <see cref="Next"/> gave, once.</summary>
    /// <exception cref="ShardException">The tar is cut short, or can't be read.</exception>
    public byte[] Content()
    {
        var content = GC.AllocateUninitializedArray<byte>(checked((int)unread));
        Fill(content);
        unread = 0;
        return content;
    }

    /// <summary>The error for members stored with holes, which GNU tar makes with --sparse.</summary>
    public static ShardException Sparse() => Broken("a member is stored with holes; pack it without --sparse");

    private static long PaddingOf(long size) => -size & (TarHeader.BlockSize - 1);

    private static ShardException Broken(string reason) => new(reason, isBroken: true);

    private ShardException CutShort() => Broken($"cut short: after {position} bytes there is no end of a tar");

    private ShardException Damaged() => Broken($"damaged: the block before byte {position} is no header of a tar");

    private ShardException NoHeader() => position > block.Length ? Damaged() : block switch
    {
        [0x1F, 0x8B, ..] => Broken("compressed by gzip; name it as 'pipe:gzip -dc FILE.tar.gz'"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Broken("compressed by zstd; name it as 'pipe:zstd -dc FILE.tar.zst'"),
        _ => Broken("not a tar"),
    };

    private byte[] Description(TarHeader header, int most)
    {
        if (header.Size > most)
        {
            throw Broken($"damaged: a description of {header.Size} bytes, where {most} are the most");
        }

        var content = new byte[header.Size];
        Fill(content);
        Skip(PaddingOf(header.Size));
        return content;
    }

    private static void RequireShort(int name)
    {
        if (name > MostNameBytes)
        {
            throw Broken($"damaged: a name of {name} letters");
        }
    }

    /// <returns>False at the end of the file.</returns>
    private bool ReadBlock()
    {
        var read = Read(block);
        return read == block.Length || (read == 0 ? false : throw CutShort());
    }

    private void Fill(Span<byte> buffer)
    {
        if (Read(buffer) < buffer.Length)
        {
            throw CutShort();
        }
    }

    private void Skip(long count)
    {
        skipped ??= new byte[1 << 16];
        for (; count > 0; count -= Math.Min(count, skipped.Length))
        {
            Fill(skipped.AsSpan(0, (int)Math.Min(count, skipped.Length)));
        }
    }

    private int Read(Span<byte> buffer)
    {
        try
        {
            var read = tar.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            position += read;
            return read;
        }
        catch (IOException e)
        {
            // as that of a file that is written it would be misunderstood
            throw new ShardException($"can't be read: {e.Message}", isBroken: false, e);
        }
    }
}
