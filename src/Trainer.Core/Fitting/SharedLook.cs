using Trainer.Core.Catalog;
using Trainer.Core.Ranks;

namespace Trainer.Core.Fitting;

/// <summary>Numbers that a network makes of pictures.</summary>
/// <param name="Images">Those that could be read, in order; one may come several times, as several views.</param>
/// <param name="Values">As many for each.</param>
internal sealed record PictureNumbers(IReadOnlyList<ImageEntry> Images, float[] Values);

/// <summary>Has pictures looked at by all ranks, each its portions, and gives every rank all that was found.</summary>
internal static class SharedLook
{
    /// <summary>The numbers of all pictures that can be read, in their order.</summary>
    /// <param name="look">Looks at a portion, batch by batch.</param>
    /// <exception cref="OperationCanceledException">One of the ranks was asked to stop.</exception>
    public static PictureNumbers At(IReadOnlyList<ImageEntry> images, Portions portions, Func<Portion, IEnumerable<PictureNumbers>> look, CancellationToken cancel)
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
                    place += images.Skip(place).TakeWhile(other => !ReferenceEquals(other, image)).Count(); // those between couldn't be read
                    places.Add(place);
                }
            }
        }

        var all = portions.OfAll<int>([.. places], cancel).ToArray();
        return new([.. all.Select(place => images[place])], portions.OfAll<float>([.. values.SelectMany(some => some)], cancel));
    }
}
