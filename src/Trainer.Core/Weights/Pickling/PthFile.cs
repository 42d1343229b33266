namespace Trainer.Core.Weights.Pickling;

/// <summary>Reads state dicts from PyTorch checkpoints (<c>torch.save</c>) without running any code in them.</summary>
/// <remarks>
/// There are two formats: the zip that PyTorch has written since 1.6,
/// <see href="https://pytorch.org/docs/stable/notes/serialization.html"/>, and the sequence of pickles that 0.1.10 to 1.5 wrote and that
/// torchvision's public weights still use, <see cref="PthStream"/>.
/// </remarks>
internal static class PthFile
{
    // 300 tensors take 41 kB. One byte of pickle can become 60 bytes in memory.
    internal const int LongestPickle = 4 << 20;

    private static readonly string[] Wrappings = ["state_dict", "model_state_dict", "model"];

    /// <summary>Reads a PyTorch checkpoint.</summary>
    /// <remarks>
    /// The file contains a dict of tensors, or a dict with such a dict under <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>.
    /// Anything else in it is ignored. Tensors with gaps or in another order are copied row-major.
    /// </remarks>
    /// <exception cref="TrainerException">The file can't be read, asks to run code, or contains no state dict.</exception>
    public static WeightFile Read(string path) => Parse(FileContent.Read(path), path);

    /// <summary>Reads a PyTorch checkpoint that is in memory.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="fileName">The file's name in errors.</param>
    /// <exception cref="TrainerException">As for <see cref="Read"/>.</exception>
    public static WeightFile Parse(byte[] content, string fileName)
    {
        ArgumentNullException.ThrowIfNull(content);
        using IPthContainer container = IsZip(content) ? new PthArchive(content, fileName) : new PthStream(content, fileName);
        var tensors = new OrderedDictionary<string, WeightTensor>();
        foreach (var (name, tensor) in StateDictOf(container.Saved, fileName))
        {
            if (!tensors.TryAdd(name, Materialise(container, name, tensor)))
            {
                throw container.Damaged($"names '{ErrorText.Name(name)}' twice");
            }
        }

        return new WeightFile(fileName, tensors.Values);
    }

    /// <summary>True for content that begins like a zip.</summary>
    internal static bool IsZip(ReadOnlySpan<byte> content) => content.StartsWith("PK\u0003\u0004"u8);

    /// <summary>True for content that begins like a pickle.</summary>
    internal static bool IsPickle(ReadOnlySpan<byte> content) =>
        content is [0x80, >= Unpickler.OldestProtocol and <= Unpickler.NewestProtocol, ..];

    private static List<(string Name, PickledTensor Tensor)> StateDictOf(object? top, string fileName)
    {
        var dict = top as PickleDict;
        var inner = Wrappings.Select(key => dict?.Find(key)).OfType<PickleDict>();
        return inner.Append(dict).Select(candidate => candidate?.Tensors().ToList()).FirstOrDefault(found => found is { Count: > 0 })
            ?? throw new TrainerException($"Found no tensors in '{fileName}'. Looked for a dict of names and tensors, at the top or under "
                + $"{string.Join(", ", Wrappings)}. Save the state dict alone with torch.save(model.state_dict(), path).");
    }

    private static WeightTensor Materialise(IPthContainer container, string name, PickledTensor tensor)
    {
        var storage = tensor.Storage;
        var shown = ErrorText.Name(name);
        var bytes = container.Read(storage);
        if ((Int128)storage.RootCount * storage.Type.Size() > bytes.Length)
        {
            throw container.Damaged($"has {bytes.Length} bytes for {shown}, expected {storage.RootCount} numbers of {storage.Type}");
        }

        container.Limit.Spend(sizeof(long) * ((long)tensor.Size.Length + tensor.Stride.Length));
        var view = StridedView.Of(tensor) ?? throw container.Damaged($"has {shown} reach out of its storage of {storage.Count} numbers: "
            + $"{Text(tensor.Size)} with strides {Text(tensor.Stride)} from {tensor.Offset}");
        var own = bytes[(int)(storage.Start * view.NumberSize)..];
        return new WeightTensor(name, storage.Type, view.Shape, Contiguous(container.Limit, view, own));
    }

    private static ReadOnlyMemory<byte> Contiguous(AllocationLimit limit, StridedView view, ReadOnlyMemory<byte> bytes)
    {
        if (view.ByteCount == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (view.IsContiguous())
        {
            return bytes.Slice((int)(view.Offset * view.NumberSize), (int)view.ByteCount);
        }

        var copy = new byte[limit.Spend(view.ByteCount)];
        view.CopyTo(bytes.Span, copy);
        return copy;
    }

    private static string Text(object?[] tuple) => ErrorText.Shape(tuple.OfType<long>().Take(8));
}
