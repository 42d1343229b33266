namespace Trainer.Core.Weights.Pickling;

/// <summary>
/// The container of a PyTorch checkpoint, with the pickled object and the bytes of its tensors: a zip, or a sequence of pickles.
/// </summary>
internal interface IPthContainer : IDisposable
{
    /// <summary>The object that was saved.</summary>
    object? Saved { get; }

    /// <summary>Limits the memory that reading this file may take.</summary>
    AllocationLimit Limit { get; }

    /// <summary>All bytes stored under the storage's key. There may be fewer or more than the storage claims.</summary>
    /// <exception cref="TrainerException">The file has no such storage, or it can't be read.</exception>
    ReadOnlyMemory<byte> Read(PickledStorage storage);

    /// <summary>An error about this file.</summary>
    TrainerException Damaged(string what);
}
