using System.IO.Hashing;
using System.Text;

namespace Trainer.Core.Catalog;

/// <summary>A short text that changes when any picture is added, removed, renamed or changed.</summary>
internal static class DataFingerprint
{
    /// <summary>32 hexadecimal digits: a hash of all names, lengths and contents, in the order given.</summary>
    public static string Of(params IEnumerable<IReadOnlyList<ImageEntry>> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var hash = new XxHash128();
        foreach (var images in sets)
        {
            foreach (var image in images)
            {
                hash.Append(Encoding.UTF8.GetBytes($"{image.Name}\0{image.Length}\0{image.ContentKey}\n"));
            }

            hash.Append("\0"u8);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
