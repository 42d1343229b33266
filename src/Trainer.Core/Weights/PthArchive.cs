using System.IO.Compression;

namespace Trainer.Core.Weights;

/// <summary>The zip around a PyTorch checkpoint: <c>name/data.pkl</c>, <c>name/data/0</c> and so on.</summary>
/// <remarks>Nothing goes to disk, so what the entries are called does no harm.</remarks>
internal sealed class PthArchive : IDisposable
{
    // PyTorch stores its entries as they are, and weights hardly pack where somebody packs them again.
    private const int MostGrowth = 4;
    private const int SmallFile = 1 << 16;

    private readonly string fileName;
    private readonly ZipArchive zip;
    private readonly string root;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];
    private readonly Dictionary<string, byte[]> contents = [];
    private long left;

    /// <summary>Opens the zip.</summary>
    /// <exception cref="TrainerException">It isn't a zip, or not one that <c>torch.save</c> writes.</exception>
    public PthArchive(byte[] content, string fileName)
    {
        this.fileName = fileName;
        left = (long)Math.Max(content.Length, SmallFile) * MostGrowth;
        zip = Guarded("its zip", () => new ZipArchive(new MemoryStream(content, writable: false)));
        foreach (var entry in Guarded("its zip", () => zip.Entries))
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw Damaged($"has two entries named '{ErrorText.Name(entry.FullName)}'");
            }
        }

        root = Root();
    }

    /// <summary>True where the archive has an entry of this name, the archive's own leading folder left out.</summary>
    public bool Has(string name) => entries.ContainsKey(root + name);

    /// <summary>All bytes of an entry, kept for the next who asks.</summary>
    /// <param name="name">Without the archive's own leading folder.</param>
    /// <exception cref="TrainerException">It is missing or shorter than it claims, or all read passes four times the file.</exception>
    public ReadOnlyMemory<byte> Read(string name)
    {
        if (contents.TryGetValue(name, out var known))
        {
            return known;
        }

        if (!entries.TryGetValue(root + name, out var entry))
        {
            throw Damaged($"has no entry '{ErrorText.Name(root + name)}'");
        }

        var content = Guarded($"'{ErrorText.Name(name)}' in its zip", () =>
        {
            var bytes = new byte[Spend(entry.Length)];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            return bytes;
        });
        contents.Add(name, content);
        return content;
    }

    /// <summary>Counts bytes against what this file may take in memory; call it before allocating.</summary>
    /// <returns>The same number.</returns>
    /// <exception cref="TrainerException">The sum passes four times the file's size.</exception>
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

    /// <summary>An error about this archive.</summary>
    public TrainerException Damaged(string what) => new(
        $"'{fileName}' is no whole PyTorch checkpoint: it {what}. Save it again with torch.save(model.state_dict(), path).");

    /// <inheritdoc/>
    public void Dispose() => zip.Dispose();

    private string Root()
    {
        const string Pickle = "data.pkl";
        var pickles = entries.Keys.Where(name => name == Pickle
            || (name.EndsWith("/" + Pickle, StringComparison.Ordinal) && name.Count(c => c == '/') == 1)).ToList();
        return pickles.Count == 1
            ? pickles[0][..^Pickle.Length]
            : throw Damaged($"has {pickles.Count} entries named {Pickle}, expected 1");
    }

    private T Guarded<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw new TrainerException(Damaged($"can't be read, at {what}: {ErrorText.Name(e.Message)}").Message, e);
        }
    }
}
