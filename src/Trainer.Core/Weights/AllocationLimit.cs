namespace Trainer.Core.Weights;

/// <summary>Limits how much memory reading a PyTorch checkpoint may take: four times the file's size, or 256 kB for a small file.</summary>
/// <param name="fileName">The file's name in errors.</param>
/// <param name="fileLength">The file's size in bytes.</param>
internal sealed class AllocationLimit(string fileName, int fileLength)
{
    // PyTorch stores numbers uncompressed, and weights hardly shrink when a file is compressed afterwards.
    private const int MostGrowth = 4;
    private const int SmallFile = 1 << 16;

    private long left = (long)Math.Max(fileLength, SmallFile) * MostGrowth;

    /// <summary>Counts bytes against the limit; call it before allocating them.</summary>
    /// <returns><paramref name="byteCount"/>.</returns>
    /// <exception cref="TrainerException">The sum exceeds the limit.</exception>
    public long Spend(long byteCount)
    {
        if (byteCount < 0 || byteCount > left)
        {
            throw new TrainerException($"'{fileName}' unpacks to more than {MostGrowth} times its size, which no checkpoint does, "
            + "so it isn't read. Save it again with torch.save(model.state_dict(), path).");
        }

        left -= byteCount;
        return byteCount;
    }
}
