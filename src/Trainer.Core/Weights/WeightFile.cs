using Trainer.Core.Weights.Pickling;
using Trainer.Core.Weights.Safetensors;

namespace Trainer.Core.Weights;

/// <summary>The tensors of one weight file, in the file's order.</summary>
public sealed class WeightFile
{
    private const int TarMagicOffset = 257;

    /// <summary>Makes a weight file from tensors.</summary>
    /// <param name="fileName">The file's name in errors, usually its path.</param>
    /// <param name="tensors">Tensors with distinct names.</param>
    /// <param name="metadata">The strings that describe the file; none when null.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public WeightFile(string fileName, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        FileName = fileName;
        Tensors = new OrderedDictionary<string, WeightTensor>(tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor)));
        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>The file's name in errors, usually its path.</summary>
    public string FileName { get; }

    /// <summary>The tensors by their names in the file; enumerated in the file's order.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors { get; }

    /// <summary>The strings that describe the file; empty for .pth.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// Reads a .safetensors file, or a .pth file of PyTorch 0.1.10 or newer. The format is recognised by the content, not the name.
    /// </summary>
    /// <exception cref="TrainerException">The file can't be read, or has another format; the message says what it seems to be.</exception>
    public static WeightFile Open(string path)
    {
        var content = FileContent.Read(path);
        return content.AsSpan() switch
        {
            // Checked first, since the header length of a safetensors file can look like another format: 640 begins with the bytes 80 02,
            // as a pickle.
            [_, _, _, _, _, _, _, _, (byte)'{', ..] => SafetensorsFile.Parse(content, path),
            var bytes when PthFile.IsZip(bytes) || PthFile.IsPickle(bytes) => PthFile.Parse(content, path),
            var bytes when IsTar(bytes) => throw new TrainerException(
                $"'{path}' is a tar archive, as PyTorch before 0.1.10 wrote it; expected a newer checkpoint or a safetensors file. "
                + "Load it with a newer PyTorch, and save it again with torch.save(model.state_dict(), path)."),
            var bytes when bytes.StartsWith("version https://git-lfs"u8) => throw new TrainerException(
                $"'{path}' is a Git LFS pointer, not the weights themselves. Run 'git lfs pull' where it comes from."),
            _ => SafetensorsFile.Parse(content, path),
        };
    }

    private static bool IsTar(ReadOnlySpan<byte> bytes) =>
        bytes.Length > TarMagicOffset && bytes[TarMagicOffset..].StartsWith("ustar"u8);
}
