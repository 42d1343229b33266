using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;
using Trainer.Core.Ranks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Wording;

namespace Trainer.Core.Training;

/// <summary>What training shows: each epoch's pictures in their order, varied; a pure function of (seed, epoch, position).</summary>
internal sealed class TrainingPictures
{
    private const ulong AugmentationPurpose = 0x41554758; // "AUGX": separates these random numbers from the sampler's

    private readonly TrainingOptions options;
    private readonly IEpochSampler sampler;
    private readonly BatchLoader loader;
    private readonly StepPlaces places;
    private readonly int chunks;

    /// <summary>Pictures for this rank to train on.</summary>
    /// <param name="sampler">Its steps are the chunks of this run's.</param>
    /// <param name="loader">Makes batches of the sampler's size; with <see cref="TrainingOptions.Chunk"/> it keeps their places.</param>
    /// <exception cref="TrainerException">An epoch shows too few pictures for the chunks of one step.</exception>
    public TrainingPictures(TrainingOptions options, IEpochSampler sampler, BatchLoader loader, ICommunicator ranks)
    {
        (this.options, this.sampler, this.loader, chunks) = (options, sampler, loader, options.ChunksInStep());
        places = new StepPlaces(sampler.BatchSize, chunks, ranks.Rank, ranks.Size);
        ChunksPerStep = chunks / ranks.Size;
        StepsInEpoch = sampler.StepsInEpoch / chunks;
        if (StepsInEpoch == 0)
        {
            throw new TrainerException(
                $"An epoch of these pictures has only {Counted.Of(sampler.StepsInEpoch, "chunk")} of {sampler.BatchSize}, and a step takes "
                + $"{chunks}. Take a larger --chunk, or a smaller --batch.");
        }
    }

    /// <summary>Pictures in a whole chunk.</summary>
    public int ChunkSize => sampler.BatchSize;

    /// <summary>Pictures in a step, on all ranks.</summary>
    public int BatchSize => places.InStep;

    /// <summary>Batches of a step that this rank gets, one for each of its chunks.</summary>
    public int ChunksPerStep { get; }

    /// <summary>Steps in an epoch; where some of the pictures can't be read, and there are no chunks, there may be fewer.</summary>
    public int StepsInEpoch { get; }

    /// <summary>This rank's batches that are left of the epoch, <see cref="ChunksPerStep"/> for each step.</summary>
    /// <param name="state">At a step's end.</param>
    public IEnumerable<Batch> Batches(RunState state, CancellationToken cancel)
    {
        var epoch = sampler.Epoch(state.Epoch);
        int[] own = options.Chunk == 0 ? [.. Enumerable.Range(0, epoch.Length)] : [.. places.Own(StepsInEpoch, epoch.Length)];
        var batches = loader.LoadForTraining(
            own.Select(place => epoch[place]),
            (_, index, picture) =>
            {
                var random = new CounterRandom((ulong)options.Seed, AugmentationPurpose, (ulong)state.Epoch, (ulong)own[index]);
                return options.Gate == GateKind.Centroid
                    ? Augmentation.ToInput(picture, options.Augmentation, random, options.Size, options.LeastArea)
                    : PictureView.ToInput(picture, PictureVariation.Retaken, random, options.Size);
            },
            dropLast: sampler.DropsLast, // a small last batch upsets batch norm; a single one is better than none
            first: options.Chunk == 0 ? state.Position : state.StepInEpoch * places.OwnInStep,
            cancel);
        return options.Chunk == 0 ? batches : batches.Select(batch => batch with { End = batch.End / places.OwnInStep * places.InStep });
    }

    /// <summary>The pictures of a step, on all ranks; without chunks those that it was to show if all could be read.</summary>
    public IReadOnlyList<LabelledImage> PicturesOf(RunState state) => [.. places.PicturesOf(state.StepInEpoch, sampler.Epoch(state.Epoch))];
}
