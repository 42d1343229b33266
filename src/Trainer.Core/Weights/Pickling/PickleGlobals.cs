namespace Trainer.Core.Weights.Pickling;

/// <summary>A function that a pickle may call. The reader runs its own code in its place.</summary>
internal enum PickleFunction
{
    /// <summary><c>collections.OrderedDict()</c>.</summary>
    OrderedDict,

    /// <summary>
    /// <c>torch._utils._rebuild_tensor_v2(storage, offset, size, stride, …)</c>, or <c>_rebuild_tensor</c> of PyTorch before 0.4.
    /// </summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_parameter(tensor, …)</c>.</summary>
    RebuildParameter,
}

/// <summary>The fixed list of globals that a pickle may refer to. Nothing else is looked up, imported or run.</summary>
internal static class PickleGlobals
{
    /// <summary>
    /// A <see cref="PickleFunction"/>, or the <see cref="WeightType"/> of a storage class; null if the name isn't on the list.
    /// </summary>
    public static object? Find(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => PickleFunction.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor") => PickleFunction.RebuildTensor,
        ("torch._utils", "_rebuild_parameter") => PickleFunction.RebuildParameter,
        ("torch", "DoubleStorage") => WeightType.Float64,
        ("torch", "FloatStorage") => WeightType.Float32,
        ("torch", "HalfStorage") => WeightType.Float16,
        ("torch", "BFloat16Storage") => WeightType.BFloat16,
        ("torch", "LongStorage") => WeightType.Int64,
        ("torch", "IntStorage") => WeightType.Int32,
        ("torch", "ShortStorage") => WeightType.Int16,
        ("torch", "CharStorage") => WeightType.Int8,
        ("torch", "ByteStorage") => WeightType.UInt8,
        ("torch", "BoolStorage") => WeightType.Bool,
        _ => null,
    };

    /// <summary>The result of a call, or null if the arguments don't fit the function.</summary>
    public static object? Call(object? function, object?[] arguments) => (function, arguments) switch
    {
        (PickleFunction.OrderedDict, []) => new PickleDict(),
        (PickleFunction.RebuildParameter, [PickledTensor tensor, ..]) => tensor,
        (PickleFunction.RebuildTensor, [PickledStorage storage, long offset, object?[] size, object?[] stride, ..]) =>
            new PickledTensor(storage, offset, size, stride),
        _ => null,
    };

    /// <summary>The storage described by a persistent id <c>('storage', class, key, device, count)</c>, or null.</summary>
    /// <remarks>The old format appends None, or <c>(key, first, count)</c> for a storage that is a part of another one.</remarks>
    public static PickledStorage? Storage(object? persistentId) => (persistentId as object?[]) switch
    {
        ["storage", WeightType type, string key, string, long count] when count >= 0 => new(type, key, count, 0, count),
        ["storage", WeightType type, string key, string, long count, null] when count >= 0 => new(type, key, count, 0, count),
        ["storage", WeightType type, string key, string, long count, object?[] and [string, long first, long own]]
            when first >= 0 && own >= 0 && first <= count - own => new(type, key, count, first, own),
        _ => null,
    };
}
