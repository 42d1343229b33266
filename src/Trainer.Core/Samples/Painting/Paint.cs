namespace Trainer.Core.Samples.Painting;

/// <summary>The fill of a shape: a colour, or a gradient by the name that <see cref="Svg"/> gave it.</summary>
internal readonly record struct Paint(string Value)
{
    public static readonly Paint None = new("none");

    public static implicit operator Paint(Colour colour) => new(colour.ToString());

    public override string ToString() => Value;
}
