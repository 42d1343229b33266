namespace Trainer.Core.Export.LiteRt.Schema;

/// <summary>How a table's field is stored.</summary>
internal enum FlatKind
{
    /// <summary>One byte: booleans and small enumerations.</summary>
    Byte,

    /// <summary>Four bytes, signed or not.</summary>
    Whole,

    /// <summary>float32.</summary>
    Float,

    /// <summary>The offset of a string, a vector or a table that is already written.</summary>
    Place,
}

/// <summary>A field of a FlatBuffers table.</summary>
/// <param name="Number">The schema's field number, which is how many fields are declared before it; a union counts as two.</param>
/// <param name="Value">A number, the bits of a float32, or an offset.</param>
internal readonly record struct FlatField(int Number, FlatKind Kind, int Value)
{
    public static FlatField Byte(int number, int value) => new(number, FlatKind.Byte, value);

    public static FlatField Whole(int number, int value) => new(number, FlatKind.Whole, value);

    public static FlatField Float(int number, float value) => new(number, FlatKind.Float, BitConverter.SingleToInt32Bits(value));

    public static FlatField Place(int number, int place) => new(number, FlatKind.Place, place);
}
