using System.Buffers.Text;

namespace Trainer.Core.Scoring.Shards;

/// <summary>What an extended header of POSIX says of the member that follows it: lines of "length key=value".</summary>
/// <param name="Path">Null when the member's own header has it.</param>
/// <param name="Size">Null when the member's own header has it.</param>
internal readonly record struct PaxRecords(string? Path, long? Size)
{
    /// <summary>Reads the records; null when they are damaged.</summary>
    /// <exception cref="ShardException">The member is stored with holes.</exception>
    public static PaxRecords? Of(ReadOnlySpan<byte> content)
    {
        var found = default(PaxRecords);
        while (content.Length > 0)
        {
            if (!Utf8Parser.TryParse(content, out int length, out var digits) || length <= digits + 1 || length > content.Length
                || content[digits] != ' ' || content[length - 1] != '\n')
            {
                return null;
            }

            var record = content[(digits + 1)..(length - 1)];
            if (record.StartsWith("path="u8))
            {
                found = found with { Path = TarHeader.Text(record[5..]) };
            }
            else if (record.StartsWith("size="u8))
            {
                if (!Utf8Parser.TryParse(record[5..], out long size, out var used) || used != record.Length - 5
                    || size is < 0 or > TarHeader.MostBytes)
                {
                    return null;
                }

                found = found with { Size = size };
            }
            else if (record.StartsWith("GNU.sparse."u8))
            {
                throw TarReader.Sparse();
            }

            content = content[length..];
        }

        return found;
    }
}
