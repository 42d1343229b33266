
using Trainer.Core.Export.CoreMl.Schema;
namespace Trainer.Core.Export.CoreMl;

/// <summary>Makes the types of an ML Program's values.</summary>
internal static class MilType
{
    /// <param name="shape">Empty for a single number.</param>
    public static Schema.ValueType Of(DataType type, params long[] shape) => new()
    {
        TensorType = new TensorType { DataType = type, Rank = shape.Length, Dimensions = { shape.Select(Dimension) } },
    };

    private static Dimension Dimension(long length) =>
        new() { Constant = new Dimension.Types.ConstantDimension { Size = (ulong)length } };
}
