using System.Numerics;
using Trainer.Core.Randomness;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>Arrangements of leaves in a picture; they are the same for narrow and broad leaves.</summary>
internal static class Plants
{
    private static readonly Action<Svg, Dice, LeafSort>[] All =
        [Close, Tuft, Canopy, FromAbove, Close, Canopy, Field, Tuft, FromAbove, Lone];

    /// <summary>
    /// The arrangement for the picture with this index. Arrangements alternate; those that fill the picture appear more often.
    /// </summary>
    public static Action<Svg, Dice, LeafSort> At(int index) => All[index % All.Length];

    /// <summary>A few large leaves that cross the picture.</summary>
    private static void Close(Svg svg, Dice dice, LeafSort sort)
    {
        var green = Palette.Green(dice);
        var angle = dice.Between(0, Math.Tau);
        for (var i = (int)(sort.Crowd * dice.Count(3, 6)); i > 0; i--)
        {
            var heading = angle + dice.Between(-0.7, 0.7);
            var aside = Leaf.Direction(heading + (Math.PI / 2)) * (float)(svg.Side * dice.Between(-0.6, 0.6));
            var root = svg.Whole.Centre + aside - (Leaf.Direction(heading) * (float)(svg.Side * dice.Between(0.5, 0.9)));
            sort.Draw(svg, dice, new Leaf(root, heading, svg.Side * dice.Between(1.0, 1.7), Palette.Near(dice, green)));
        }
    }

    /// <summary>One plant, from the ground up.</summary>
    private static void Tuft(Svg svg, Dice dice, LeafSort sort)
    {
        var root = svg.Whole.At(dice.Between(0.3, 0.7), dice.Between(0.85, 1.1));
        Grow(svg, dice, sort, root, svg.Side * dice.Between(0.7, 1.1), Palette.Green(dice));
    }

    /// <summary>Rows of plants, smaller in the distance.</summary>
    private static void Field(Svg svg, Dice dice, LeafSort sort)
    {
        var green = Palette.Green(dice);
        var horizon = dice.Between(0.25, 0.5);
        var rows = dice.Count(2, 4);
        for (var row = 1; row <= rows; row++)
        {
            var near = row / (double)rows;
            var size = svg.Side * (0.16 + (0.34 * near * near));
            for (var x = dice.Between(-0.2, 0.2) * size; x < svg.Width; x += dice.Around(size * 0.75, 0.3))
            {
                var root = new Vector2((float)x, (float)(svg.Height * (horizon + (near * (1.05 - horizon)))));
                Grow(svg, dice, sort, root, size, Palette.Near(dice, green).Lighter(0.12 * (1 - near)));
            }
        }
    }

    /// <summary>Inside a stand of plants: near leaves in front of distant ones that are out of focus.</summary>
    private static void Canopy(Svg svg, Dice dice, LeafSort sort)
    {
        var green = Palette.Green(dice);
        var lean = dice.Between(-0.4, 0.4);
        using (svg.Blurred(dice.Between(1.5, 4)))
        {
            Rise(svg, dice, sort, dice.Count(10, 16), lean, green.Darker(0.12), far: true);
        }

        Rise(svg, dice, sort, dice.Count(5, 9), lean, green, far: false);
    }

    /// <summary>One or two leaves, laid on a surface or held in front of the camera.</summary>
    private static void Lone(Svg svg, Dice dice, LeafSort sort)
    {
        for (var i = dice.Count(1, 2); i > 0; i--)
        {
            var angle = dice.Between(0, Math.Tau);
            var length = svg.Side * dice.Between(0.8, 1.3);
            var middle = svg.Whole.At(dice.Between(0.35, 0.65), dice.Between(0.35, 0.65));
            var root = middle - (Leaf.Direction(angle) * (float)(length / 2));
            var (leaf, twin) = (new Leaf(root, angle, length, Palette.Green(dice)), (ulong)dice.Seed());
            using (svg.Blurred(3))
            {
                var shadow = leaf with { Root = root + new Vector2(4, 6), Colour = new Colour(30, 0.3, 0.1, 0.35), Far = true };
                sort.Draw(svg, new Dice(new CounterRandom(twin)), shadow);
            }

            sort.Draw(svg, new Dice(new CounterRandom(twin)), leaf);
        }
    }

    /// <summary>Plants seen from above, with leaves on all sides.</summary>
    private static void FromAbove(Svg svg, Dice dice, LeafSort sort)
    {
        var green = Palette.Green(dice);
        for (var plant = dice.Count(1, 3); plant > 0; plant--)
        {
            var root = dice.In(svg.Whole);
            var turn = dice.Between(0, Math.Tau);
            var leaves = (int)(sort.Crowd * dice.Count(8, 12));
            for (var i = 0; i < leaves; i++)
            {
                var angle = turn + (Math.Tau * i / leaves) + dice.Between(-0.25, 0.25);
                var colour = Palette.Near(dice, green).Lighter(0.1 * i / leaves);
                sort.Draw(svg, dice, new Leaf(root, angle, svg.Side * dice.Between(0.35, 0.8), colour));
            }
        }
    }

    /// <summary>Leaves that grow into the picture from below, all along its lower edge.</summary>
    private static void Rise(Svg svg, Dice dice, LeafSort sort, int leaves, double lean, Colour green, bool far)
    {
        for (var i = (int)(sort.Crowd * leaves); i > 0; i--)
        {
            var angle = (-Math.PI / 2) + lean + dice.Between(-0.5, 0.5);
            var root = svg.Whole.At(dice.Between(-0.1, 1.1), dice.Between(0.9, 1.3));
            var leaf = new Leaf(root, angle, svg.Side * dice.Between(0.6, 1.3), Palette.Near(dice, green));
            sort.Draw(svg, dice, far ? leaf with { Far = true } : leaf);
        }
    }

    /// <summary>The leaves of one plant; those in front are lightest.</summary>
    private static void Grow(Svg svg, Dice dice, LeafSort sort, Vector2 root, double size, Colour green)
    {
        var leaves = (int)(sort.Crowd * dice.Count(5, 6 + (int)(size / 18)));
        for (var i = 0; i < leaves; i++)
        {
            var angle = (-Math.PI / 2) + dice.Between(-0.85, 0.85);
            var foot = root + new Vector2((float)(size * dice.Between(-0.06, 0.06)), 0);
            var colour = Palette.Near(dice, green.Darker(0.12 - (0.14 * i / leaves)));
            sort.Draw(svg, dice, new Leaf(foot, angle, size * dice.Between(0.55, 1.1), colour));
        }
    }
}
