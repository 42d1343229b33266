using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>All scenes that the negatives show.</summary>
internal static class SceneList
{
    private static readonly Action<Svg, Dice>[] All =
    [
        Indoors.Room, Landscapes.Meadow, Creatures.Portrait, Things.Balls, Streets.Houses, Patterns.Stripes,
        Landscapes.Sea, Lines.Fence, Indoors.Plate, Creatures.Pet, Things.Sticks, Landscapes.Mountains,
        Streets.Car, Lines.Hair, Things.Bare, Patterns.Tiles, Landscapes.Wood, Lines.Page,
        Indoors.Shelf, Things.Fruit, Streets.Night, Lines.Cables, Creatures.Birds, Patterns.Shapes,
        Landscapes.Clouds, Things.Flowers, Indoors.Curtain, Streets.Sign, Things.Stones, Lines.Twigs,
        Patterns.Cloth,
    ];

    /// <summary>The scene for the picture with this index; the scenes alternate.</summary>
    public static Action<Svg, Dice> At(int index) => All[index % All.Length];
}
