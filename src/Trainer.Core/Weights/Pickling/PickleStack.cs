namespace Trainer.Core.Weights.Pickling;

/// <summary>The stack of a pickle machine, with its marks; never gives what lies below the last mark.</summary>
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

    /// <summary>Takes the value off, which must be of this kind.</summary>
    public T Pop<T>() => Pop() is T value ? value : throw bytes.Damaged($"finds no {typeof(T).Name} on the stack");

    /// <summary>The top value, which must be of this kind.</summary>
    public T Peek<T>() => Peek() is T value ? value : throw bytes.Damaged($"finds no {typeof(T).Name} on the stack");

    /// <summary>The last values, in the order they were pushed.</summary>
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

    /// <summary>All values down to the last mark, and the mark.</summary>
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
