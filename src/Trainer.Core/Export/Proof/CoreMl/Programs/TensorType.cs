namespace Trainer.Core.Export.Proof.CoreMl.Programs;

/// <summary>The element types of an ML Program's tensors, with the public numbers.</summary>
internal enum Element
{
    /// <summary>True or false.</summary>
    Bool = 1,

    /// <summary>Text.</summary>
    String = 2,

    /// <summary>Two bytes.</summary>
    Float16 = 10,

    /// <summary>Four bytes.</summary>
    Float32 = 11,

    /// <summary>One signed byte.</summary>
    Int8 = 21,

    /// <summary>Four bytes, signed.</summary>
    Int32 = 23,
}

/// <summary>Element type and shape of a value.</summary>
/// <param name="Shape">Empty for a scalar.</param>
internal sealed record TensorType(Element Element, long[] Shape)
{
    public long Count => Shape.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>Size in memory; 0 for text.</summary>
    public long Bytes => checked(Count * Element switch
    {
        Element.Float32 or Element.Int32 => 4,
        Element.Float16 => 2,
        Element.String => 0,
        _ => 1,
    });

    /// <param name="value">A ValueType message.</param>
    public static TensorType Read(WireMessage value, string name)
    {
        var tensor = value.Message(1, $"the type of {name}", 1, 2, 3);
        var shape = tensor.Messages(3, $"a dimension of {name}", 1)
            .Select(dimension => dimension.Message(1, $"a dimension of {name}", 1).Number(1)).ToArray();
        var type = new TensorType((Element)tensor.Number(1), shape);
        if (!Enum.IsDefined(type.Element) || tensor.Number(2) != shape.Length || shape.Any(length => length is < 1 or > int.MaxValue))
        {
            throw new BrokenModelException($"{name} has the type {type} and rank {tensor.Number(2)}, which no value of a gate has");
        }

        return type;
    }

    public bool Equals(TensorType? other) => other is not null && Element == other.Element && Shape.SequenceEqual(other.Shape);

    public override int GetHashCode() => HashCode.Combine(Element, Count);

    public override string ToString() => $"{Element} [{string.Join(", ", Shape)}]";
}
