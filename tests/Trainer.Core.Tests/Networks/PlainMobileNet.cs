using Trainer.Core.Weights;

namespace Trainer.Core.Tests.Networks;

/// <summary>
/// MobileNetV2 in plain loops and double precision, directly from a file's tensors: slow, obvious, and without our or libtorch's code.
/// </summary>
/// <param name="file">Tensors under torchvision's names.</param>
internal sealed class PlainMobileNet(WeightFile file)
{
    private const double Epsilon = 1e-5; // torch's

    /// <summary>Stride of each block's depthwise convolution. A block has a shortcut if it neither strides nor widens.</summary>
    private static readonly int[] Strides = [1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1];

    /// <summary>The result of each convolution with its batch norm, ReLU6 and shortcut where it has them, in order: 52 of [C, E,
    /// E].</summary>
    /// <param name="pixels">[3, edge, edge], normalised.</param>
    /// <param name="padding">The padding value of each colour.</param>
    public List<double[]> Layers(double[] pixels, int edge, double[] padding)
    {
        var results = new List<double[]>();
        Layer("features.0.0", "features.0.1", stride: 2, hasRelu6: true, null);
        for (var block = 0; block < Strides.Length; block++)
        {
            var name = $"features.{block + 1}.conv";
            var begin = results[^1];
            var widens = file.Tensors.ContainsKey($"{name}.3.weight"); // the first block doesn't expand
            if (widens)
            {
                Layer($"{name}.0.0", $"{name}.0.1", stride: 1, hasRelu6: true, null);
            }

            Layer($"{name}.{(widens ? 1 : 0)}.0", $"{name}.{(widens ? 1 : 0)}.1", Strides[block], hasRelu6: true, null);
            var narrow = widens ? 2 : 1;
            var outputs = file.Tensors[$"{name}.{narrow}.weight"].Shape[0];
            Layer($"{name}.{narrow}", $"{name}.{narrow + 1}", stride: 1, hasRelu6: false,
                Strides[block] == 1 && outputs * edge * edge == begin.Length ? begin : null);
        }

        Layer("features.18.0", "features.18.1", stride: 1, hasRelu6: true, null);
        return results;

        void Layer(string convolution, string norm, int stride, bool hasRelu6, double[]? plus)
        {
            var isFirst = results.Count == 0;
            var output = Convolve(isFirst ? pixels : results[^1], edge, convolution, stride, isFirst ? padding : null);
            edge /= stride;
            Normalise(output, edge * edge, norm);
            for (var i = 0; i < output.Length; i++)
            {
                output[i] = (hasRelu6 ? Math.Clamp(output[i], 0, 6) : output[i]) + (plus?[i] ?? 0);
            }

            results.Add(output);
        }
    }

    private double[] Convolve(double[] input, int edge, string name, int stride, double[]? padding)
    {
        var weights = Numbers($"{name}.weight");
        var shape = file.Tensors[$"{name}.weight"].Shape; // [outputs, inputs / groups, kernel, kernel]
        var (outputs, ofGroup, kernel, inputs) = ((int)shape[0], (int)shape[1], (int)shape[2], input.Length / (edge * edge));
        var (outputsOfGroup, around, to) = (outputs / (inputs / ofGroup), (kernel - 1) / 2, edge / stride);
        var result = new double[outputs * to * to];
        for (var o = 0; o < outputs; o++)
        {
            for (var y = 0; y < to; y++)
            {
                for (var x = 0; x < to; x++)
                {
                    var sum = 0.0;
                    for (var i = 0; i < ofGroup; i++)
                    {
                        var channel = (o / outputsOfGroup * ofGroup) + i;
                        for (var k = 0; k < kernel * kernel; k++)
                        {
                            var (v, u) = ((y * stride) + (k / kernel) - around, (x * stride) + (k % kernel) - around);
                            var isInside = v >= 0 && v < edge && u >= 0 && u < edge;
                            var value = isInside ? input[(channel * edge * edge) + (v * edge) + u] : padding?[channel] ?? 0;
                            sum += value * weights[(((o * ofGroup) + i) * kernel * kernel) + k];
                        }
                    }

                    result[(o * to * to) + (y * to) + x] = sum;
                }
            }
        }

        return result;
    }

    private void Normalise(double[] maps, int places, string name)
    {
        var (weight, bias, mean, variance) =
            (Numbers($"{name}.weight"), Numbers($"{name}.bias"), Numbers($"{name}.running_mean"), Numbers($"{name}.running_var"));
        for (var i = 0; i < maps.Length; i++)
        {
            var c = i / places;
            maps[i] = ((maps[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon) * weight[c]) + bias[c];
        }
    }

    private double[] Numbers(string name) => [.. file.Tensors[name].ToSingles().Select(number => (double)number)];
}
