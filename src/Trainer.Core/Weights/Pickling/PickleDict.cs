namespace Trainer.Core.Weights.Pickling;

/// <summary>A dict or OrderedDict of a pickle: pairs in order, keys of any kind.</summary>
/// <remarks>Nothing is hashed while it grows, so a hostile file can't choose keys that collide.</remarks>
internal sealed class PickleDict
{
    private readonly List<KeyValuePair<object?, object?>> pairs = [];

    /// <summary>Adds one pair. Python would replace an earlier one of the same key; <see cref="Find"/> sees the last.</summary>
    public void Add(object? key, object? value) => pairs.Add(KeyValuePair.Create(key, value));

    /// <summary>The last value under the key, or null.</summary>
    public object? Find(string key) => pairs.FindLast(pair => pair.Key is string name && name == key).Value;

    /// <summary>The tensors that lie right in this dict under text keys.</summary>
    public IEnumerable<(string Name, PickledTensor Tensor)> Tensors()
    {
        foreach (var (key, value) in pairs)
        {
            if (key is string name && value is PickledTensor tensor)
            {
                yield return (name, tensor);
            }
        }
    }
}
