namespace Trainer.Core.Weights.Pickling;

/// <summary>What lies around the pickled object of a PyTorch checkpoint, and holds its numbers: a zip, or a row of pickles.</summary>
internal interface IPthContainer : IDisposable
{
    /// <summary>The object that was saved.</summary>
    object? Saved { get; }

    /// <summary>What may still be allocated for this file.</summary>
    AllocationLimit Limit { get; }

    /// <summary>All bytes that are stored under the storage's key; fewer or more than it claims.</summary>
    /// <exception cref="TrainerException">There is no such storage, or it can't be read.</exception>
    ReadOnlyMemory<byte> Read(PickledStorage storage);

    /// <summary>An error about this file.</summary>
    TrainerException Damaged(string what);
}
