using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes.Learning;

/// <summary>A convolution whose batch norm uses each batch's statistics, so that the whole batch goes through it at once.</summary>
/// <remarks>
/// Such maps are larger than the processor's caches, and the way to memory costs more than the arithmetic. So a thread takes a picture band
/// by band, and does everything with a band's rows while they are in its cache: it normalises the input, convolves, and sums what the next
/// norm needs. Maps within a block are kept as they are before the norm only, and normalised again wherever they are read. The gradients
/// before the norm exist for one band at a time. While a band is computed, the next one is read.
/// </remarks>
/// <param name="kernel">Not disposed here.</param>
internal sealed unsafe class LearningConvolution(FastConvolution kernel) : IDisposable
{
    private const long ManyValues = 2 * 1024 * 1024; // 8 MB: by the time such maps are read again, no cache holds them any more

    private readonly AlignedBuffer raw = new(); // results before the norm
    private readonly Normalisation normalisation = new(kernel.Outputs);
    private InputMaps input;
    private int pictures;
    private bool leavesNorm;

    /// <summary>True when it reads its input in bands, and so can apply the norm of the convolution before it.</summary>
    public bool ReadsBands => kernel.HasFewWeights;

    private int Edge => kernel.EdgeFor(input.Edge);

    /// <summary>Places in a picture's result.</summary>
    private int Places => Edge * Edge;

    /// <summary>Values in a row of a picture's result.</summary>
    private nint Row => Edge * kernel.Outputs;

    /// <summary>Values in a picture's result.</summary>
    private nint Size => Edge * Row;

    /// <summary>Computes the result, and moves the norm's running statistics.</summary>
    /// <param name="from">Must stay valid until the backward pass is over.</param>
    /// <param name="output">[N, E, E, outputs], written; null to leave norm and ReLU6 to the convolution that reads the result.</param>
    /// <param name="plus">Added to the result if not null; has the result's layout.</param>
    /// <param name="memory">One for each thread.</param>
    public InputMaps Forward(ThreadTeam team, InputMaps from, float* output, float* plus, int count, BandMemory[] memory)
    {
        (input, pictures, leavesNorm) = (from, count, output is null);
        var norm = kernel.Norm;
        var z = raw.For(pictures * Size);
        normalisation.Begin(pictures, FastConvolution.Numbers(norm.RunningMean));
        if (ReadsBands)
        {
            team.Run(pictures, (picture, thread) => Convolve(picture, z + (picture * Size), memory[thread]));
        }
        else
        {
            kernel.Convolve(team, input.Values, z, pictures, input.Edge, plus: null, relu6: false);
            team.Run(pictures, (picture, _) => normalisation.Add(picture, z + (picture * Size), Places));
        }

        normalisation.Settle(
            pictures * Places, FastConvolution.Numbers(norm.Weight), FastConvolution.Numbers(norm.Bias), BatchNormLayer.Epsilon);
        norm.Follow(normalisation.Mean, normalisation.Variance, pictures * Places);
        if (leavesNorm)
        {
            return new InputMaps(z, Edge, kernel.Outputs, kernel.HasRelu6, normalisation);
        }

        team.Run(pictures, (picture, _) => normalisation.Apply(
            z + (picture * Size), output + (picture * Size), Places, plus is null ? null : plus + (picture * Size), kernel.HasRelu6));
        return new InputMaps(output, Edge, kernel.Outputs, kernel.HasRelu6);
    }

    /// <summary>Computes the gradients of the input and of the norm, and sums those of the weights.</summary>
    /// <param name="sums">Written: the sums of the weights' gradients.</param>
    /// <param name="gradients">Gradients of the result before its ReLU6.</param>
    /// <param name="result">Gradients of the input, before its ReLU6 if it has one, written; null when they aren't needed.</param>
    /// <param name="plus">Added to the input's gradients if not null.</param>
    public void Backward(ThreadTeam team, GradientSums sums, float* gradients, float* result, float* plus, BandMemory[] memory)
    {
        var norm = kernel.Norm;
        var z = raw.First;
        if (!leavesNorm) // otherwise the convolution that applied the norm has added them
        {
            team.Run(pictures, (picture, _) =>
                normalisation.AddGradients(picture, gradients + (picture * Size), z + (picture * Size), Places));
        }

        normalisation.SettleGradients(
            pictures * Places, FastConvolution.Numbers(norm.Weight), BatchNormLayer.Epsilon,
            FastConvolution.Numbers(norm.Weight.grad!), FastConvolution.Numbers(norm.Bias.grad!)); // FlatParameters allocated these
        if (ReadsBands)
        {
            team.Run(pictures, (picture, thread) => Gradients(picture, sums, gradients, result, plus, memory[thread]));
            return;
        }

        team.Run(pictures, (picture, _) => normalisation.ApplyGradients(
            gradients + (picture * Size), z + (picture * Size), z + (picture * Size), Places));
        kernel.Gradients(team, sums, z, input.Values, input.HasRelu6, result, pictures, input.Edge, plus);
    }

    public void Dispose() => raw.Dispose();

    /// <summary>Convolves a picture, and adds the results to the norm's statistics.</summary>
    /// <param name="z">The picture's result, written.</param>
    private void Convolve(int picture, float* z, BandMemory memory)
    {
        var streams = pictures * Size >= ManyValues;
        var rows = Math.Max(kernel.RowsInBand(input.Edge) / kernel.Stride, 1);
        for (var first = 0; first < Edge; first += rows)
        {
            var last = Math.Min(Edge, first + rows);
            var (from, to) = kernel.InputRows(input.Edge, first, last);
            var x = input.Rows(picture, from, to, memory.Input);
            if (input.AreNormalisedHere)
            {
                memory.Ahead.Begin(input.Values + input.Offset(picture) + (to * input.Row), (to - from) * input.Row);
            }

            var band = streams ? memory.Result.For((last - first) * Row) : z + (first * Row);
            kernel.ConvolveRows(x, band - (first * Row), input.Edge, first, last, memory.Ahead);
            normalisation.Add(picture, band, (last - first) * Edge, streams ? z + (first * Row) : null);
        }
    }

    /// <summary>Computes a picture's gradients.</summary>
    private void Gradients(int picture, GradientSums sums, float* gradients, float* result, float* plus, BandMemory memory)
    {
        sums.Clear(picture);
        var streams = input.AreNormalisedHere && pictures * input.Size >= ManyValues;
        var whole = result is null ? null : result + input.Offset(picture);
        plus = plus is null ? null : plus + input.Offset(picture);
        var rows = kernel.RowsInBand(input.Edge);
        for (var first = 0; first < input.Edge; first += rows)
        {
            var last = Math.Min(input.Edge, first + rows);
            var (from, to) = kernel.OutputRows(input.Edge, first, last);
            var dz = GradientsBeforeNorm(picture, gradients, from, to, memory.Gradients);
            var x = input.Rows(picture, first, last, memory.Input);
            ReadAhead(picture, gradients, first, last, from, to, memory.Ahead);
            var band = streams ? memory.Result.For((last - first) * input.Row) - (first * input.Row) : whole;
            kernel.GradientRows(
                dz, x, input.HasRelu6, band, plus, sums.Weights(picture), input.Edge, first, last, memory.Ahead);
            input.AddGradients(picture, band, first, last, streams ? whole : null);
        }
    }

    /// <summary>Starts reading the wide maps that the band after this one needs; narrow ones are soon there.</summary>
    private void ReadAhead(int picture, float* gradients, int first, int last, int from, int to, ReadAhead ahead)
    {
        nint next = (picture * Size) + (to * Row), count = (to - from) * Row;
        if (input.AreNormalisedHere)
        {
            ahead.Begin(input.Values + input.Offset(picture) + (last * input.Row), (last - first) * input.Row, gradients + next, count);
        }
        else
        {
            ahead.Begin(raw.First + next, count, gradients + next, count);
        }
    }

    /// <returns>Where the picture's first row would be; only the rows that were asked for may be read.</returns>
    private float* GradientsBeforeNorm(int picture, float* gradients, int first, int last, AlignedBuffer memory)
    {
        var offset = (picture * Size) + (first * Row);
        var rows = memory.For((last - first) * Row);
        normalisation.ApplyGradients(gradients + offset, raw.First + offset, rows, (last - first) * Edge);
        return rows - (first * Row);
    }
}
