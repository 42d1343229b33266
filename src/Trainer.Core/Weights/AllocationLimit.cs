namespace Trainer.Core.Weights;

/// <summary>Bounds what reading a PyTorch checkpoint may take in memory: four times the file, or 256 kB for a small one.</summary>
/// <param name="fileName">What errors call the file.</param>
/// <param name="fileLength">Its bytes.</param>
internal sealed class AllocationLimit(string fileName, int fileLength)
{
    // PyTorch stores numbers as they are, and weights hardly shrink where somebody compresses them.
    private const int MostGrowth = 4;
    private const int SmallFile = 1 << 16;

    private long left = (long)Math.Max(fileLength, SmallFile) * MostGrowth;

    /// <summary>Counts bytes against the limit; call it before allocating them.</summary>
    /// <returns>The same number.</returns>
    /// <exception cref="TrainerException">The sum passes the limit.</exception>
    public long Spend(long byteCount)
    {
        if (byteCount < 0 || byteCount > left)
        {
            throw new TrainerException($"'{fileName}' unpacks to more than {MostGrowth} times its size, as no checkpoint does; "
                + "it isn't read. Save it again with torch.save(model.state_dict(), path).");
        }

        left -= byteCount;
        return byteCount;
    }
}
