namespace Trainer.Core.Weights.Pickling;

/// <summary>A dict or OrderedDict from a pickle: key-value pairs in order, with keys of any type.</summary>
/// <remarks>It uses no hash table, so a hostile file can't slow it down with colliding keys.</remarks>
internal sealed class PickleDict
{
    private readonly List<KeyValuePair<object?, object?>> pairs = [];

    /// <summary>
    /// Adds a pair. Python would replace an earlier pair with the same key; here <see cref="Find"/> returns the last one.
    /// </summary>
    public void Add(object? key, object? value) => pairs.Add(KeyValuePair.Create(key, value));

    /// <summary>The last value with this key, or null.</summary>
    public object? Find(string key) => pairs.FindLast(pair => pair.Key is string name && name == key).Value;

    /// <summary>The tensors that are direct values of this dict, with text keys.</summary>
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
