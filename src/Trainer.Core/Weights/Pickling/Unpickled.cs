namespace Trainer.Core.Weights.Pickling;

/// <summary>What one pickle held.</summary>
/// <param name="Value">Its one value, of the kinds that <see cref="Unpickler"/> names.</param>
/// <param name="End">Index of the byte after it.</param>
/// <param name="Storages">All storages that it speaks of, as often as it does.</param>
internal sealed record Unpickled(object? Value, int End, IReadOnlyList<PickledStorage> Storages);
