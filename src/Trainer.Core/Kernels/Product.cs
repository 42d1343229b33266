namespace Trainer.Core.Kernels;

/// <summary>Matrix products over the pixels of a batch, which compute a 1x1 convolution and its gradients.</summary>
internal static unsafe class Product
{
    private const int RowsInTask = 128;
    private const int PanelsInTask = 8;
    private const int OutputsInTask = 16;
    private const int RowsInCache = 128; // rows that stay in the cache while the tiles go over them

    /// <summary>Computes C = A · B; each row is a pixel.</summary>
    /// <param name="a">[rows, steps].</param>
    /// <param name="packed">B, [steps, columns], packed by <see cref="Packing"/>.</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="columns">A multiple of 8.</param>
    /// <param name="epilogue">Its pointers belong to the first row and column.</param>
    /// <param name="ahead">What to read meanwhile, or null; only for a single thread.</param>
    public static void Multiply(
        ThreadTeam team, float* a, float* packed, float* c, int rows, int steps, int columns, Epilogue epilogue, ReadAhead? ahead = null)
    {
        var blocks = (rows + RowsInTask - 1) / RowsInTask;
        var slices = (Packing.Panels(columns) + PanelsInTask - 1) / PanelsInTask;
        team.Run(blocks * slices, (task, _) =>
        {
            var (block, slice) = (task / slices, task % slices);
            var lastRow = Math.Min(rows, (block + 1) * RowsInTask);
            var lastColumn = Math.Min(columns, (slice + 1) * PanelsInTask * GemmTile.Wide);
            for (var column = slice * PanelsInTask * GemmTile.Wide; column < lastColumn; column += GemmTile.Wide)
            {
                var panel = packed + ((nint)column * steps);
                for (var row = block * RowsInTask; row < lastRow; row += GemmTile.Rows)
                {
                    ahead?.Advance();
                    var offset = ((nint)row * columns) + column;
                    GemmTile.Multiply(
                        a + ((nint)row * steps), steps, 1, panel, GemmTile.Wide, c + offset, columns,
                        Math.Min(GemmTile.Rows, lastRow - row), Math.Min(GemmTile.Wide, columns - column), steps,
                        epilogue.At(column, offset));
                }
            }
        });
    }

    /// <summary>Sums dY · X over the pixels, for each pair of output and input, and dY: the gradients of weights and biases.</summary>
    /// <param name="gradients">dY, [rows, outputs].</param>
    /// <param name="x">X, [rows, inputs].</param>
    /// <param name="sums">Written: [outputs, inputs] for each group of pixels.</param>
    public static void WeightGradients(ThreadTeam team, float* gradients, float* x, GradientSums sums, int rows, int inputs, int outputs)
    {
        var slices = (outputs + OutputsInTask - 1) / OutputsInTask;
        var rowsInGroup = (rows + sums.Groups - 1) / sums.Groups;
        team.Run(sums.Groups * slices, (task, _) =>
        {
            var (group, slice) = (task / slices, task % slices);
            var (first, last) = (slice * OutputsInTask, Math.Min(outputs, (slice + 1) * OutputsInTask));
            var (begin, end) = (Math.Min(rows, group * rowsInGroup), Math.Min(rows, (group + 1) * rowsInGroup));
            float* into = sums.Weights(group), constants = sums.Constants(group);
            new Span<float>(into + ((nint)first * inputs), (last - first) * inputs).Clear();
            new Span<float>(constants + first, last - first).Clear();
            for (var row = begin; row < end; row += RowsInCache)
            {
                var steps = Math.Min(RowsInCache, end - row);
                var dy = gradients + ((nint)row * outputs);
                ColumnSums.Add(dy, steps, outputs, first, last, constants);
                Add(dy, x + ((nint)row * inputs), into, steps, inputs, outputs, first, last);
            }
        });
    }

    /// <summary>
    /// Adds some rows' products for the outputs from <paramref name="first"/> up to but not including <paramref name="last"/>.
    /// </summary>
    /// <param name="ahead">What to read meanwhile, or null.</param>
    public static void Add(
        float* gradients, float* x, float* into, int rows, int inputs, int outputs, int first, int last, ReadAhead? ahead = null)
    {
        for (var input = 0; input < inputs; input += GemmTile.Wide)
        {
            for (var output = first; output < last; output += GemmTile.Rows)
            {
                ahead?.Advance();
                var result = into + ((nint)output * inputs) + input;
                GemmTile.Multiply(
                    gradients + output, 1, outputs, x + input, inputs, result, inputs,
                    Math.Min(GemmTile.Rows, last - output), Math.Min(GemmTile.Wide, inputs - input), rows, new Epilogue(plus: result));
            }
        }
    }
}
