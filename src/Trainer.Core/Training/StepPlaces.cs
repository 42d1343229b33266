using Trainer.Core.Catalog;

namespace Trainer.Core.Training;

/// <summary>Which places of an epoch's sequence belong to which chunk of which step, and which of those are this rank's.</summary>
/// <param name="chunkSize">Places in a chunk.</param>
/// <param name="chunks">Chunks in a step, a power of two.</param>
/// <param name="rank">Number of this rank, 0-based.</param>
/// <param name="ranks">How many there are; at most the chunks, a power of two.</param>
internal sealed class StepPlaces(int chunkSize, int chunks, int rank, int ranks)
{
    /// <summary>Places in a step.</summary>
    public int InStep => chunkSize * chunks;

    /// <summary>Places in a step that are this rank's: neighbours, so that their sum is a subtree of the step's.</summary>
    public int OwnInStep => InStep / ranks;

    /// <summary>This rank's places of the steps of an epoch, in order.</summary>
    /// <param name="steps">In the epoch.</param>
    /// <param name="length">Of the epoch's sequence; where it fills not even one step, its places are all there are.</param>
    public IEnumerable<int> Own(int steps, int length) => Enumerable.Range(0, steps * OwnInStep)
        .Select(place => (place / OwnInStep * InStep) + (rank * OwnInStep) + (place % OwnInStep))
        .Where(place => place < length);

    /// <summary>The pictures of a step, on all ranks.</summary>
    public IEnumerable<LabelledImage> PicturesOf(int stepInEpoch, IReadOnlyList<LabelledImage> epoch) =>
        epoch.Skip(stepInEpoch * InStep).Take(InStep);
}
