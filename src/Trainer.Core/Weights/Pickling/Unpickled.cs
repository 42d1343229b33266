namespace Trainer.Core.Weights.Pickling;

/// <summary>The content of one pickle.</summary>
/// <param name="Value">The pickled value, of one of the types that <see cref="Unpickler"/> lists.</param>
/// <param name="End">Index of the first byte after the pickle.</param>
/// <param name="Storages">All storages that the pickle refers to; one that it refers to twice is listed twice.</param>
internal sealed record Unpickled(object? Value, int End, IReadOnlyList<PickledStorage> Storages);
