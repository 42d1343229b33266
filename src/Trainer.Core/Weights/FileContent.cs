namespace Trainer.Core.Weights;

/// <summary>Reads a whole file into memory. Networks for phones have 3 to 60 MB.</summary>
internal static class FileContent
{
    /// <summary>Reads all bytes of a file.</summary>
    /// <exception cref="TrainerException">The file is missing, a folder, not readable, empty, or larger than 2 GiB.</exception>
    public static byte[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new TrainerException($"'{path}' is a folder, expected a .safetensors or .pth file.");
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length == 0 || stream.Length > Array.MaxLength)
            {
                throw new TrainerException($"'{path}' has {stream.Length} bytes, expected 1 to {Array.MaxLength}. Was it copied whole?");
            }

            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TrainerException($"Can't read '{path}': {e.Message} Check the path and its permissions.", e);
        }
    }
}
