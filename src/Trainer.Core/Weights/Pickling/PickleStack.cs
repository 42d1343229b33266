namespace Trainer.Core.Weights.Pickling;

/// <summary>The stack of the pickle machine, with its marks. Values below the last mark can't be taken.</summary>
internal sealed class PickleStack(PickleBytes bytes)
{
    private readonly List<object?> values = [];
    private readonly List<int> marks = [];

    private int Floor => marks.Count > 0 ? marks[^1] : 0;

    public void Push(object? value) => values.Add(value);

    public void Mark() => marks.Add(values.Count);

    public object? Peek() => values.Count > Floor ? values[^1] : throw bytes.Damaged("takes from an empty stack");

    public object? Pop()
    {
        var value = Peek();
        values.RemoveAt(values.Count - 1);
        return value;
    }

    /// <summary>Removes the top value, which must be of this type.</summary>
    public T Pop<T>() => Pop() is T value ? value : throw bytes.Damaged($"finds no {typeof(T).Name} on the stack");

    /// <summary>The top value, which must be of this type.</summary>
    public T Peek<T>() => Peek() is T value ? value : throw bytes.Damaged($"finds no {typeof(T).Name} on the stack");

    /// <summary>Removes the last values and returns them in the order in which they were pushed.</summary>
    public object?[] Pop(int count)
    {
        if (values.Count - count < Floor)
        {
            throw bytes.Damaged("takes from an empty stack");
        }

        var taken = values.GetRange(values.Count - count, count).ToArray();
        values.RemoveRange(values.Count - count, count);
        return taken;
    }

    /// <summary>Removes the last mark and returns the values above it, which are removed too.</summary>
    public object?[] PopToMark()
    {
        if (marks.Count == 0)
        {
            throw bytes.Damaged("looks for a mark that isn't there");
        }

        var taken = Pop(values.Count - Floor);
        marks.RemoveAt(marks.Count - 1);
        return taken;
    }
}
