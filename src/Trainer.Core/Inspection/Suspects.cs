using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;

namespace Trainer.Core.Inspection;

/// <summary>Finds pictures that a trained gate finds odd in their set. Often they are in the wrong folder.</summary>
public static class Suspects
{
    /// <summary>The most pictures that are named of one set.</summary>
    public const int Most = 12;

    /// <summary>The normals farthest from the centroid, or the negatives nearest to it.</summary>
    /// <param name="done">Called with the number of pictures done so far.</param>
    public static SuspectList Find(
        IGate gate, BatchLoader loader, string set, SetRole role, IEnumerable<ImageEntry> images, Action<int>? done = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(loader);
        var sign = role == SetRole.Normal ? 1 : -1;
        var oddest = new PriorityQueue<Suspect, float>(); // the least odd picture is first in the queue and leaves it when it is full
        var count = 0;
        foreach (var batch in loader.Load(images, cancel))
        {
            foreach (var (image, cosine) in batch.Images.Zip(gate.Cosines(batch)))
            {
                oddest.Enqueue(new Suspect(image.Image.Name, image.Image.Path, cosine, cosine >= gate.Threshold), -sign * cosine);
                if (oddest.Count > Most)
                {
                    _ = oddest.Dequeue();
                }
            }

            done?.Invoke(count += batch.Images.Count);
        }

        return new SuspectList(
            set, role, [.. oddest.UnorderedItems.Select(item => item.Element).OrderBy(suspect => sign * suspect.Cosine)]);
    }
}
