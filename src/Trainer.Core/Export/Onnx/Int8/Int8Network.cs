using Trainer.Core.Batching;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using static TorchSharp.torch;
using static Trainer.Core.Export.Onnx.TensorProto.Types;

namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>
/// The network in int8: static quantisation with scales per channel for weights, ranges from calibration, and biases corrected for the
/// rounding error.
/// </summary>
/// <remarks>
/// Written as QuantizeLinear and DequantizeLinear around float operators, which runtimes fuse into their int8 kernels. ReLU6 needs
/// no node, because a byte can't leave the range 0 to 6. The correction is that of Nagel et al. 2019, section 4.2 (with measured means),
/// <see href="https://arxiv.org/abs/1906.04721"/>: without it four times as many decisions change. See docs/decisions/0009.
/// </remarks>
public sealed class Int8Network : IOnnxNetwork
{
    /// <summary>
    /// Normalised pixels are p / 127.5 − 1, so 0 lies between two bytes. Shifted by half a step, every pixel is exactly a byte.
    /// </summary>
    private const float HalfStep = (float)(0.5 / Preprocessing.HalfRange);

    /// <summary>The quantisation of pixels, which is exact.</summary>
    internal static readonly Quantization PixelBytes = new((float)(1 / Preprocessing.HalfRange), 128);

    private readonly FoldedNetwork network;
    private readonly IReadOnlyDictionary<string, SeenValues> seen;
    private readonly Int8Weights headWeights;
    private readonly float[] headBias;

    /// <summary>Runs the float network over pictures to record the ranges of its values.</summary>
    /// <param name="batches">Pictures of both kinds in small batches, because 27 MB per picture of 128x128 are in memory at once.</param>
    /// <param name="edge">Edge of the pictures.</param>
    internal Int8Network(FoldedNetwork network, IEnumerable<Batch> batches, int edge)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batches);
        this.network = network;
        (seen, var features) = Calibration.Watch(network, batches, edge);
        using (features)
        {
            (headWeights, headBias) = new LayerRounding(features, features, network.HeadWeights, network.HeadBias).ToBytes();
        }
    }

    private Int8Network(Int8Network other, Int8Weights headWeights, float[] headBias) =>
        (network, seen, this.headWeights, this.headBias) = (other.network, other.seen, headWeights, headBias);

    /// <summary>Makes the int8 network of the run's gate, for any format.</summary>
    /// <param name="calibration">The run's calibration pictures in small batches.</param>
    /// <param name="head">Recomputes the head of a closed-form gate.</param>
    public static Int8Network Of(TrainedGate gate, IEnumerable<Batch> calibration, OwnHead head)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(head);
        var network = new Int8Network(FoldedNetwork.Of(gate.Network), calibration, gate.Preprocessing.Edge);
        return network.HasOwnHead ? head.Behind(network, gate) : network;
    }

    /// <summary>True if the head is computed for the int8 network, so that its cosines differ from those of the trained gate.</summary>
    internal bool HasOwnHead => network.Kind != FeatureKind.Pooled;

    /// <summary>The network before rounding.</summary>
    internal FoldedNetwork Exact => network;

    /// <summary>The head's weights, [512, F].</summary>
    internal Int8Weights HeadWeights => headWeights;

    /// <summary>The head's bias, [512].</summary>
    internal float[] HeadBias => headBias;

    /// <summary>The same network with another linear layer after its features, rounded to bytes.</summary>
    /// <param name="features">
    /// This network's features of pictures of both kinds, [n, F]; the rounding preserves the layer's output for them.
    /// </param>
    internal Int8Network With(ClosedFormHead head, Tensor features)
    {
        var (weights, bias) = new LayerRounding(features, features, head.Weights, head.Bias).ToBytes();
        return new Int8Network(this, weights, bias);
    }

    /// <inheritdoc/>
    public Precision Precision => Precision.Int8;

    string IOnnxNetwork.AddFeaturesTo(OnnxGraph graph, string pixels, int edge)
    {
        var shifted = graph.Add("Sub", "input.shifted", [pixels, graph.Constant("input.shift", [HalfStep])]);
        var current = AsBytes(graph, shifted, Calibration.Pixels);
        var maps = new List<string>();
        foreach (var block in network.Blocks)
        {
            var output = block.Convolutions.Aggregate(current, (input, convolution) => AddConvolution(graph, convolution, input));
            current = block.HasShortcut ? AddSum(graph, current, output) : output;
            maps.Add(current.Name);
        }

        return FeatureNodes.AddTo(graph, network, maps, edge);
    }

    /// <summary>
    /// Adds the linear layer with only its weights in bytes, because the layer is small and bytes would be too coarse for its inputs, which
    /// are means.
    /// </summary>
    string IOnnxNetwork.AddHeadTo(OnnxGraph graph, string features)
    {
        var weights = ByteWeights.AddTo(graph, "fc.weight", headWeights, headBias.Length, network.HeadWeights.Length / headBias.Length);
        return graph.Add("Gemm", "fc", [features, weights, graph.Constant("fc.bias", headBias, headBias.Length)],
            OnnxGraph.Whole("transB", 1));
    }

    /// <summary>The quantisation of the values between two layers.</summary>
    /// <param name="values">Name in the calibration.</param>
    internal Quantization BytesOf(string values) =>
        values == Calibration.Pixels ? PixelBytes : Quantization.Over(seen[values].Min, seen[values].Max);

    /// <summary>Rounds a convolution. A bias is added to sums of products of bytes, so its step is the product of their steps.</summary>
    /// <param name="input">Name of its input in the calibration.</param>
    internal RoundedConvolution Round(FoldedConvolution convolution, string input)
    {
        var rounded = QuantizedWeights.Of(convolution.Weights, convolution.Bias.Length);
        var errors = rounded.MeanError(convolution.Weights, seen[input].ChannelMeans, convolution.Groups);
        var shift = input == Calibration.Pixels ? HalfStep : 0;
        var size = convolution.Weights.Length / convolution.Bias.Length;
        var bias = convolution.Bias.Select(
            (b, i) => b - errors[i] + (shift * convolution.Weights.Skip(i * size).Take(size).Sum(w => (double)w)));
        var scale = BytesOf(input).Scale;
        var steps = Array.ConvertAll(rounded.Scales, weightScale => weightScale * scale);
        return new RoundedConvolution(
            rounded, [.. bias.Zip(steps, (b, step) => (int)Math.Clamp(Math.Round(b / step), int.MinValue, int.MaxValue))], steps);
    }

    /// <summary>Values stored as bytes: the name of their dequantised form, and their name in the calibration.</summary>
    private readonly record struct Bytes(string Name, string Seen);

    private Bytes AsBytes(OnnxGraph graph, string values, string seenAs)
    {
        var quantization = BytesOf(seenAs);
        var scale = graph.Constant($"{values}.scale", DataType.Float, [quantization.Scale]);
        var zero = graph.Constant($"{values}.zero", DataType.Uint8, [quantization.Zero]);
        var bytes = graph.Add("QuantizeLinear", $"{values}.bytes", [values, scale, zero]);
        return new(graph.Add("DequantizeLinear", $"{values}.values", [bytes, scale, zero]), seenAs);
    }

    private Bytes AddConvolution(OnnxGraph graph, FoldedConvolution convolution, Bytes input)
    {
        var rounded = Round(convolution, input.Seen);
        var weights = AddWeights(graph, $"{convolution.Name}.weight", rounded.Weights, convolution.Shape);
        var output = graph.Add(
            "Conv", convolution.Name, [input.Name, weights, AddBias(graph, convolution.Name, rounded)],
            FloatNetwork.Attributes(convolution));
        return AsBytes(graph, output, FloatNetwork.ResultOf(convolution));
    }

    private Bytes AddSum(OnnxGraph graph, Bytes input, Bytes output)
    {
        var sum = $"{output.Seen}.sum";
        return AsBytes(graph, graph.Add("Add", sum, [input.Name, output.Name]), sum);
    }

    private static string AddWeights(OnnxGraph graph, string name, QuantizedWeights weights, params long[] shape)
    {
        var bytes = graph.Constant<sbyte>($"{name}.bytes", DataType.Int8, weights.Bytes, shape);
        var scales = graph.Constant($"{name}.scales", weights.Scales, weights.Scales.Length);
        return graph.Add("DequantizeLinear", name, [bytes, scales], OnnxGraph.Whole("axis", 0));
    }

    private static string AddBias(OnnxGraph graph, string convolution, RoundedConvolution rounded)
    {
        var whole = graph.Constant<int>($"{convolution}.bias.steps", DataType.Int32, rounded.Bias, rounded.Bias.Length);
        var steps = graph.Constant($"{convolution}.bias.scales", rounded.BiasSteps, rounded.BiasSteps.Length);
        return graph.Add("DequantizeLinear", $"{convolution}.bias", [whole, steps], OnnxGraph.Whole("axis", 0));
    }
}
