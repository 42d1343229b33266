namespace Trainer.Core.Imaging.Augmenting;

/// <summary>The direction in which a picture's lines run: veins, blades, stems.</summary>
/// <remarks>The structure tensor of brightness (Bigün and Granlund 1987): its main axis lies across the lines.</remarks>
internal static class Grain
{
    /// <summary>Their angle from the x axis, 0 to π; of a plain picture, any.</summary>
    /// <param name="pixels">E · E · 3 bytes, RGB.</param>
    /// <param name="edge">E.</param>
    /// <param name="x">Centre of the window that is looked at.</param>
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
