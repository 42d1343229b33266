namespace Trainer.Core.Weights;

/// <summary>A storage that the pickle speaks of; its bytes are another entry of the zip.</summary>
/// <param name="Type">Type of one number.</param>
/// <param name="Key">The entry's name after <c>data/</c>.</param>
/// <param name="Count">How many numbers it claims.</param>
internal sealed record PickledStorage(WeightType Type, string Key, long Count);

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
