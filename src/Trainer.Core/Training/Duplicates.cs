using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;

namespace Trainer.Core.Training;

/// <summary>Finds pictures that are the same but for size or compression, so that they never straddle the parts.</summary>
internal static class Duplicates
{
    /// <summary>Beyond this every start would wait minutes for decoding; equal files still stay together.</summary>
    public const int MostPictures = 20_000;

    /// <summary>The pictures that decode, and the group of each; all of them and null where there are too many to look at.</summary>
    /// <param name="skipped">Takes what doesn't decode.</param>
    public static (IReadOnlyList<ImageEntry> Images, int[]? Groups) Find(IReadOnlyList<ImageEntry> images, PictureReader reader, int threads, SkippedFiles skipped, CancellationToken cancel)
    {
        if (images.Count > MostPictures)
        {
            return (images, null);
        }

        var hashes = new ulong?[images.Count];
        var reasons = new string?[images.Count];
        Parallel.For(0, images.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, i =>
        {
            try
            {
                hashes[i] = PerceptualHash.Of(reader.Read(images[i], ImageDecoder.TrainingShorterSide));
            }
            catch (UndecodableImageException e)
            {
                reasons[i] = e.Message;
            }
        });
        for (var i = 0; i < images.Count; i++)
        {
            if (reasons[i] is { } reason)
            {
                skipped.Add(new SkippedFile(images[i].Path, reason)); // here: told in order, and on the caller's thread
            }
        }

        var read = Enumerable.Range(0, images.Count).Where(i => hashes[i] is not null).ToArray();
        return ([.. read.Select(i => images[i])], NearGroups.Of([.. read.Select(i => hashes[i].GetValueOrDefault())], PerceptualHash.NearBits));
    }
}
