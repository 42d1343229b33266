namespace Trainer.Core.Kernels;

/// <summary>
/// Puts weights into the order in which tiles read them: panels of 32 columns, with each step's 32 values adjacent. The last panel is
/// filled up with zeros.
/// </summary>
internal static unsafe class Packing
{
    private const int StepsInCache = 16; // so each cache line of either matrix is fully used while it is cached

    /// <summary>How many floats the panels take.</summary>
    public static long Size(int steps, int columns) => (long)steps * Panels(columns) * GemmTile.Wide;

    /// <summary>How many panels a number of columns takes.</summary>
    public static int Panels(int columns) => (columns + GemmTile.Wide - 1) / GemmTile.Wide;

    /// <summary>Packs a matrix of [steps, columns].</summary>
    /// <param name="step">Distance from one step to the next in <paramref name="from"/>, in floats.</param>
    /// <param name="column">Distance from one column to the next, in floats.</param>
    public static void Pack(float* from, nint step, nint column, int steps, int columns, float* to)
    {
        for (var first = 0; first < columns; first += GemmTile.Wide)
        {
            var width = Math.Min(GemmTile.Wide, columns - first);
            var panel = to + ((nint)first * steps);
            new Span<float>(panel, width < GemmTile.Wide ? steps * GemmTile.Wide : 0).Clear();
            if (column == 1)
            {
                for (nint i = 0; i < steps; i++)
                {
                    new Span<float>(from + (i * step) + first, width).CopyTo(new Span<float>(panel + (i * GemmTile.Wide), width));
                }

                continue;
            }

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
