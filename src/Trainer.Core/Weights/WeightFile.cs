using Trainer.Core.Weights.Pickling;
using Trainer.Core.Weights.Safetensors;

namespace Trainer.Core.Weights;

/// <summary>The tensors of one weight file, in its order.</summary>
public sealed class WeightFile
{
    private const int TarMagicOffset = 257;

    /// <summary>Keeps tensors under their names.</summary>
    /// <param name="fileName">What errors call the file, usually its path.</param>
    /// <param name="tensors">No two of one name.</param>
    /// <param name="metadata">What the file says of itself; none when null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public WeightFile(string fileName, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        FileName = fileName;
        Tensors = new OrderedDictionary<string, WeightTensor>(tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor)));
        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>What errors call the file, usually its path.</summary>
    public string FileName { get; }

    /// <summary>Tensors by the names that the file gives them; walked in the file's order.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors { get; }

    /// <summary>What the file says of itself; empty for .pth.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a .safetensors or .pth file, of PyTorch 0.1.10 or newer; which of them, its content says, never its name.</summary>
    /// <exception cref="TrainerException">It can't be read, or is neither; the message says what it seems to be.</exception>
    public static WeightFile Open(string path)
    {
        var content = FileContent.Read(path);
        return content.AsSpan() switch
        {
            // First, since a safetensors file of the right header length begins like any other: [2..] of 640 is 80 02.
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
