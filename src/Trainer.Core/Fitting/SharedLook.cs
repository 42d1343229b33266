using Trainer.Core.Catalog;
using Trainer.Core.Ranks;

namespace Trainer.Core.Fitting;

/// <summary>Numbers that a network makes of pictures.</summary>
/// <param name="Images">The pictures that could be read, in order. A picture with several views is listed once for each.</param>
/// <param name="Values">The numbers, the same count for each entry.</param>
internal sealed record PictureNumbers(IReadOnlyList<ImageEntry> Images, float[] Values);

/// <summary>Divides pictures among all ranks, and gives every rank the numbers of all pictures.</summary>
internal static class SharedLook
{
    /// <summary>The numbers of all pictures that can be read, in their order.</summary>
    /// <param name="look">Computes the numbers of a portion, batch by batch.</param>
    /// <exception cref="OperationCanceledException">One of the ranks was asked to stop.</exception>
    public static PictureNumbers At(
        IReadOnlyList<ImageEntry> images, Portions portions, Func<Portion, IEnumerable<PictureNumbers>> look, CancellationToken cancel)
    {
        var (places, values) = (new List<int>(), new List<float[]>());
        foreach (var portion in portions.Own(images.Count))
        {
            var place = portion.Start;
            foreach (var found in look(portion))
            {
                values.Add(found.Values);
                foreach (var image in found.Images)
                {
                    place += images.Skip(place).TakeWhile(other => !ReferenceEquals(other, image)).Count(); // the others couldn't be read
                    places.Add(place);
                }
            }
        }

        var all = portions.OfAll<int>([.. places], cancel).ToArray();
        return new([.. all.Select(place => images[place])], portions.OfAll<float>([.. values.SelectMany(some => some)], cancel));
    }
}
