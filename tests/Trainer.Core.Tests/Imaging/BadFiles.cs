using Xunit;

namespace Trainer.Core.Tests.Imaging;

/// <summary>Broken, odd and hostile files from other projects, stored next to the repository.</summary>
internal static class BadFiles
{
    public static string Folder
    {
        get
        {
            var folder = Path.Combine(SharedFiles.Data ?? "", "bad");
            Assert.SkipUnless(SharedFiles.Data is not null && Directory.Exists(folder), "shared/data/bad isn't beside the repository.");
            return folder;
        }
    }

    public static string PathOf(string name) => Path.Combine(Folder, name);
}
