namespace Trainer.Core.Catalog;

/// <summary>Decides which pictures an epoch shows, and in which order: a pure function of (seed, epoch).</summary>
internal interface IEpochSampler
{
    /// <summary>Optimizer steps in an epoch, at least 1.</summary>
    int StepsInEpoch { get; }

    /// <summary>Pictures in a step, at least 1.</summary>
    int BatchSize { get; }

    /// <summary>True when the last pictures are left out because they don't fill a step.</summary>
    bool DropsLast { get; }

    /// <summary>The epoch's pictures in order.</summary>
    /// <param name="epoch">0-based.</param>
    LabelledImage[] Epoch(int epoch);
}
