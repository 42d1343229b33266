namespace Trainer.Core.Weights.Pickling;

/// <summary>A storage that the pickle speaks of; its bytes lie elsewhere in the file, under its key.</summary>
/// <param name="Type">Type of one number.</param>
/// <param name="Key">Names the bytes.</param>
/// <param name="RootCount">How many numbers it claims to lie there.</param>
/// <param name="Start">Index of the first of them that is the storage's own; 0 but for views, which the old format knows.</param>
/// <param name="Count">How many are its own; <paramref name="Start"/> and this stay within <paramref name="RootCount"/>.</param>
internal sealed record PickledStorage(WeightType Type, string Key, long RootCount, long Start, long Count);

/// <summary>A tensor that the pickle speaks of, nothing of it checked yet.</summary>
/// <remarks>
/// Size and stride are the pickle's own tuples: five bytes of pickle may ask for another tensor of the same long tuples,
/// and copies of them would fill the memory.
/// </remarks>
/// <param name="Storage">Where its numbers are.</param>
/// <param name="Offset">Index of its first number.</param>
/// <param name="Size">Edge lengths, if all are long.</param>
/// <param name="Stride">Steps between neighbours along each edge, if all are long.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, object?[] Size, object?[] Stride);
