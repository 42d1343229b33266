using System.IO.Compression;

namespace Trainer.Core.Weights.Pickling;

/// <summary>The zip archive of a PyTorch checkpoint: <c>name/data.pkl</c>, <c>name/data/0</c> and so on.</summary>
/// <remarks>Nothing is written to disk, so the names of the entries can do no harm.</remarks>
internal sealed class PthArchive : IPthContainer
{
    private const string Pickle = "data.pkl";

    private readonly string fileName;
    private readonly ZipArchive zip;
    private readonly string root;
    private readonly Dictionary<string, ZipArchiveEntry> entries = [];
    private readonly Dictionary<string, byte[]> contents = [];

    /// <summary>Opens the zip.</summary>
    /// <exception cref="TrainerException">The file isn't a zip, or wasn't written by <c>torch.save</c>.</exception>
    public PthArchive(byte[] content, string fileName)
    {
        this.fileName = fileName;
        Limit = new AllocationLimit(fileName, content.Length);
        zip = Guarded("its zip", () => new ZipArchive(new MemoryStream(content, writable: false)));
        foreach (var entry in Guarded("its zip", () => zip.Entries))
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw Damaged($"has two entries named '{ErrorText.Name(entry.FullName)}'");
            }
        }

        root = Root();
        RefuseBigEndian();
        Saved = Unpickler.Load(ReadPickle(), fileName).Value;
    }

    public object? Saved { get; }

    public AllocationLimit Limit { get; }

    public ReadOnlyMemory<byte> Read(PickledStorage storage) => Read($"data/{storage.Key}");

    public TrainerException Damaged(string what) => new(
        $"'{fileName}' isn't a complete PyTorch checkpoint: it {what}. Save it again with torch.save(model.state_dict(), path).");

    public void Dispose() => zip.Dispose();

    private ReadOnlyMemory<byte> ReadPickle()
    {
        var pickle = Read(Pickle);
        return pickle.Length <= PthFile.LongestPickle
            ? pickle
            : throw Damaged($"has a pickle of {pickle.Length} bytes, expected at most {PthFile.LongestPickle}");
    }

    private void RefuseBigEndian()
    {
        if (entries.ContainsKey(root + "byteorder") && !Read("byteorder").Span.SequenceEqual("little"u8))
        {
            throw new TrainerException($"The entry 'byteorder' of '{fileName}' isn't 'little': it was saved on a big-endian machine. "
                + "Save it again on another.");
        }
    }

    /// <summary>All bytes of an entry; they are kept, in case they are needed again.</summary>
    /// <param name="name">The entry's name without the archive's leading folder.</param>
    /// <exception cref="TrainerException">
    /// The entry is missing or shorter than it claims, or the bytes read in total exceed the limit.
    /// </exception>
    private ReadOnlyMemory<byte> Read(string name)
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
            var bytes = new byte[Limit.Spend(entry.Length)];
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
            return bytes;
        });
        contents.Add(name, content);
        return content;
    }

    private string Root()
    {
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
