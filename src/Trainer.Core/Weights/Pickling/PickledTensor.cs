namespace Trainer.Core.Weights.Pickling;

/// <summary>A storage described in the pickle. Its bytes are elsewhere in the file, under its key.</summary>
/// <param name="Type">Type of one number.</param>
/// <param name="Key">The key of the bytes.</param>
/// <param name="RootCount">How many numbers the pickle claims are stored under the key.</param>
/// <param name="Start">Index of the storage's first number among them; other than 0 only for views, which the old format has.</param>
/// <param name="Count">How many of the numbers belong to the storage; they end within <paramref name="RootCount"/>.</param>
internal sealed record PickledStorage(WeightType Type, string Key, long RootCount, long Start, long Count);

/// <summary>A tensor described in the pickle; nothing about it has been checked yet.</summary>
/// <remarks>
/// Size and stride are the pickle's own tuples, not copies: five bytes of pickle can make another tensor with the same long tuples, so
/// copies could fill the memory.
/// </remarks>
/// <param name="Storage">The storage that contains the tensor's numbers.</param>
/// <param name="Offset">Index of the tensor's first number.</param>
/// <param name="Size">The shape, if all values are long.</param>
/// <param name="Stride">The distance between neighbours along each dimension, if all values are long.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, object?[] Size, object?[] Stride);
