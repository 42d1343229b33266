namespace Trainer.Core.Kernels;

/// <summary>Weights in the order in which tiles read them: panels of 32 columns, each step's 32 numbers side by side, zeros where columns end.</summary>
internal static unsafe class Packing
{
    private const int StepsInCache = 16; // a line of either matrix is used up while it is near

    /// <summary>Numbers that the panels take.</summary>
    public static long Size(int steps, int columns) => (long)steps * Panels(columns) * GemmTile.Wide;

    /// <summary>Panels for so many columns.</summary>
    public static int Panels(int columns) => (columns + GemmTile.Wide - 1) / GemmTile.Wide;

    /// <summary>Packs a matrix of [steps, columns].</summary>
    /// <param name="step">From one step to the next in <paramref name="from"/>.</param>
    /// <param name="column">From one column to the next.</param>
    public static void Pack(float* from, nint step, nint column, int steps, int columns, float* to)
    {
        for (var first = 0; first < columns; first += GemmTile.Wide)
        {
            var width = Math.Min(GemmTile.Wide, columns - first);
            var panel = to + ((nint)first * steps);
            new Span<float>(panel, width < GemmTile.Wide ? steps * GemmTile.Wide : 0).Clear();
            for (var begin = 0; begin < steps; begin += StepsInCache)
            {
                for (var c = 0; c < width; c++)
                {
                    var source = from + ((first + c) * column);
                    for (nint i = begin; i < Math.Min(steps, begin + StepsInCache); i++)
                    {
                        panel[(i * GemmTile.Wide) + c] = source[i * step];
                    }
                }
            }
        }
    }
}
