namespace Trainer.Core.Weights;

/// <summary>Reads state dicts out of PyTorch checkpoints (<c>torch.save</c>, the zip format since 1.6), running nothing in them.</summary>
/// <remarks>The format: <see href="https://pytorch.org/docs/stable/notes/serialization.html"/>.</remarks>
public static class PthFile
{
    // 300 tensors take 41 kB; and a byte of pickle may become 60 in memory.
    private const int LongestPickle = 4 << 20;

    private static readonly string[] Wrappings = ["state_dict", "model_state_dict", "model"];

    /// <summary>Reads a PyTorch checkpoint.</summary>
    /// <remarks>
    /// The file is a dict of tensors, or a dict that has one under <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>.
    /// What else it holds is passed over. Tensors with gaps or in another order are copied row-major.
    /// </remarks>
    /// <exception cref="TrainerException">It can't be read, asks to run code, or holds no state dict.</exception>
    public static WeightFile Read(string path) => Parse(FileContent.Read(path), path);

    /// <summary>Reads a PyTorch checkpoint that is in memory.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <exception cref="TrainerException">As <see cref="Read"/>.</exception>
    public static WeightFile Parse(byte[] content, string fileName)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var archive = new PthArchive(content, fileName);
        RefuseBigEndian(archive, fileName);
        var pickle = archive.Read("data.pkl");
        if (pickle.Length > LongestPickle)
        {
            throw archive.Damaged($"has a pickle of {pickle.Length} bytes, expected at most {LongestPickle}");
        }

        var tensors = new OrderedDictionary<string, WeightTensor>();
        foreach (var (name, tensor) in StateDictOf(Unpickler.Load(pickle, fileName), fileName))
        {
            if (!tensors.TryAdd(name, Materialise(archive, name, tensor)))
            {
                throw archive.Damaged($"names '{ErrorText.Name(name)}' twice");
            }
        }

        return new WeightFile(fileName, tensors.Values);
    }

    private static void RefuseBigEndian(PthArchive archive, string fileName)
    {
        if (archive.Has("byteorder") && !archive.Read("byteorder").Span.SequenceEqual("little"u8))
        {
            throw new TrainerException($"The entry 'byteorder' of '{fileName}' isn't 'little': it was saved on a big-endian machine. "
                + "Save it again on another.");
        }
    }

    private static List<(string Name, PickledTensor Tensor)> StateDictOf(object? top, string fileName)
    {
        var dict = top as PickleDict;
        var inner = Wrappings.Select(key => dict?.Find(key)).OfType<PickleDict>();
        return inner.Append(dict).Select(candidate => candidate?.Tensors().ToList()).FirstOrDefault(found => found is { Count: > 0 })
            ?? throw new TrainerException($"Found no tensors in '{fileName}'. Looked for a dict of names and tensors, at the top or under "
                + $"{string.Join(", ", Wrappings)}. Save the state dict alone with torch.save(model.state_dict(), path).");
    }

    private static WeightTensor Materialise(PthArchive archive, string name, PickledTensor tensor)
    {
        var storage = tensor.Storage;
        var shown = ErrorText.Name(name);
        var bytes = archive.Read($"data/{storage.Key}");
        if ((Int128)storage.Count * storage.Type.Size() > bytes.Length)
        {
            throw archive.Damaged($"has {bytes.Length} bytes for {shown}, expected {storage.Count} numbers of {storage.Type}");
        }

        archive.Spend(sizeof(long) * ((long)tensor.Size.Length + tensor.Stride.Length));
        var view = StridedView.Of(tensor) ?? throw archive.Damaged($"has {shown} reach out of its storage of {storage.Count} numbers: "
            + $"{Text(tensor.Size)} with strides {Text(tensor.Stride)} from {tensor.Offset}");
        return new WeightTensor(name, storage.Type, view.Shape, Contiguous(archive, view, bytes));
    }

    private static ReadOnlyMemory<byte> Contiguous(PthArchive archive, StridedView view, ReadOnlyMemory<byte> bytes)
    {
        if (view.ByteCount == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (view.IsContiguous())
        {
            return bytes.Slice((int)(view.Offset * view.NumberSize), (int)view.ByteCount);
        }

        var copy = new byte[archive.Spend(view.ByteCount)];
        view.CopyTo(bytes.Span, copy);
        return copy;
    }

    private static string Text(object?[] tuple) => ErrorText.Shape(tuple.OfType<long>().Take(8));
}
