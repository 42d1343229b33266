namespace Trainer.Core.Imaging.Augmenting;

/// <summary>Finds the direction of the lines in a picture, such as veins, blades or stems.</summary>
/// <remarks>It uses the structure tensor of brightness (Bigün and Granlund 1987), whose main axis is perpendicular to the lines.</remarks>
internal static class Grain
{
    /// <summary>The lines' angle from the x axis, 0 to π. In a picture without lines it is arbitrary.</summary>
    /// <param name="pixels">E · E · 3 bytes, RGB.</param>
    /// <param name="edge">E.</param>
    /// <param name="x">Centre of the window that is examined.</param>
    /// <param name="radius">Half the window's edge, in pixels.</param>
    public static double At(ReadOnlySpan<byte> pixels, int edge, int x, int y, int radius)
    {
        long xx = 0, yy = 0, xy = 0;
        var stride = edge * 3;
        for (var row = Math.Max(y - radius, 1); row < Math.Min(y + radius, edge - 1); row++)
        {
            for (var column = Math.Max(x - radius, 1); column < Math.Min(x + radius, edge - 1); column++)
            {
                var at = (row * stride) + (column * 3);
                var across = Grey(pixels, at + 3) - Grey(pixels, at - 3);
                var down = Grey(pixels, at + stride) - Grey(pixels, at - stride);
                xx += across * across;
                yy += down * down;
                xy += across * down;
            }
        }

        return (Math.Atan2(2.0 * xy, xx - yy) / 2) + (Math.PI / 2);
    }

    private static int Grey(ReadOnlySpan<byte> pixels, int at) => pixels[at] + (2 * pixels[at + 1]) + pixels[at + 2];
}
