namespace Trainer.Core.Ranks;

/// <summary>Adds things up as they come in a binary tree: pairs, then pairs of pairs, and so on, like a counter that carries.</summary>
/// <remarks>
/// How a sum is rounded depends on the order of the additions. Here that order depends only on how many things there are: a part of them
/// that is a power of two, and begins at a multiple of it, is a subtree, so it doesn't matter which process sums it. At most one sum is
/// held for each level of the tree.
/// </remarks>
/// <param name="add">Adds the later sum (right) to the earlier one (left), and may reuse both.</param>
internal sealed class TreeSum<T>(Func<T, T, T> add)
{
    private readonly Stack<(int Level, T Sum)> carried = new();

    /// <summary>The sum of all, when there were a power of two.</summary>
    public T Total => carried.Single().Sum;

    /// <summary>Takes in the next thing.</summary>
    public void Add(T next)
    {
        var level = 0;
        while (carried.TryPeek(out var earlier) && earlier.Level == level)
        {
            _ = carried.Pop();
            next = add(earlier.Sum, next);
            level++;
        }

        carried.Push((level, next));
    }
}
