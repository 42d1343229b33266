using System.Numerics.Tensors;
using Google.Protobuf;
using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Writes the gate as a NeuralNetwork, the older format: a single file for iOS 13, macOS 10.15 and later.</summary>
/// <remarks>
/// Specification 4. The device chooses the precision: float16 on the Neural Engine and the GPU. An output that a later
/// layer also reads gets a separate layer, because some readers drop it otherwise.
/// </remarks>
internal sealed class NeuralNetworkModel
{
    private const int Specification = 4;
    private const float SmallestSquare = 1e-6f; // large enough for float16
    private const double LargestFeature = 6; // largest value of a pooled feature
    private const double LongestEmbedding = 250; // its square is below 65504, the largest float16

    private readonly NeuralNetwork network = new()
    {
        ArrayInputShapeMapping = NeuralNetworkMultiArrayShapeMapping.ExactArrayMapping,
        ImageInputShapeMapping = NeuralNetworkImageShapeMapping.Rank4ImageMapping,
        Preprocessing =
        {
            new NeuralNetworkPreprocessing
            {
                FeatureName = CoreMlDescription.Input,
                Scaler = new NeuralNetworkImageScaler { ChannelScale = (float)(1 / Preprocessing.HalfRange), RedBias = -1, GreenBias = -1,
                    BlueBias = -1 },
            },
        },
    };

    private readonly CoreMlSource source;

    private NeuralNetworkModel(CoreMlSource source)
    {
        this.source = source;
        AddDecision(AddNetwork());
    }

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(CoreMlSource source) => new Model
    {
        SpecificationVersion = Specification,
        Description = CoreMlDescription.Of(source),
        NeuralNetwork = new NeuralNetworkModel(source).network,
    }.ToByteArray();

    /// <returns>The raw embedding, [1, 512, 1, 1].</returns>
    private string AddNetwork()
    {
        var folded = source.Network;
        var descriptor = folded.Kind == FeatureKind.Depths ? new NetworkDescriptor(Add) : null;
        var edge = source.Preprocessing.Edge;
        var current = CoreMlDescription.Input;
        foreach (var (number, block) in folded.Blocks.Index())
        {
            var output = block.Convolutions.Aggregate(current, (input, convolution) => AddConvolution(convolution, input));
            current = block.HasShortcut ? Add($"{output}_sum", new NeuralNetworkLayer { Add = new AddLayerParams() }, current, output)
                : output;
            edge = block.Convolutions.Aggregate(
                edge, (size, convolution) => (size + (2 * convolution.Padding) - convolution.Kernel) / convolution.Stride + 1);
            if (descriptor is not null && Descriptor.Depths.FirstOrDefault(depth => depth.Block == number) is { } depth)
            {
                descriptor.Add(depth, current, edge);
            }
        }

        var features = descriptor?.Concatenated() ?? Add(
            "pool",
            new NeuralNetworkLayer
            {
                Pooling = new PoolingLayerParams
                {
                    Type = PoolingLayerParams.Types.PoolingType.Average,
                    GlobalPooling = true,
                    Valid = new ValidPadding()
                },
            },
            current);
        var shrink = HeadScale(folded);
        var weights = Weights(CoreMlSource.Head, Array.ConvertAll(folded.HeadWeights, weight => weight * shrink), shrink);
        return AddLinear(
            CoreMlSource.Head, features, weights, Plain(Array.ConvertAll(folded.HeadBias, bias => bias * shrink)),
            folded.HeadWeights.Length, folded.HeadBias.Length);
    }

    private string AddConvolution(FoldedConvolution convolution, string input)
    {
        var name = convolution.Name.Replace('.', '_');
        ulong kernel = (ulong)convolution.Kernel, stride = (ulong)convolution.Stride, padding = (ulong)convolution.Padding;
        var edge = new BorderAmounts.Types.EdgeSizes { StartEdgeSize = padding, EndEdgeSize = padding };
        var output = Add(
            name,
            new NeuralNetworkLayer
            {
                Convolution = new ConvolutionLayerParams
                {
                    OutputChannels = (ulong)convolution.Shape[0],
                    KernelChannels = (ulong)convolution.Shape[1],
                    NGroups = (ulong)convolution.Groups,
                    KernelSize = { kernel, kernel },
                    Stride = { stride, stride },
                    DilationFactor = { 1, 1 },
                    Valid = new ValidPadding { PaddingAmounts = new BorderAmounts { BorderAmounts_ = { edge, edge } } },
                    HasBias = true,
                    Weights = Weights(convolution.Name, convolution.Weights, 1),
                    Bias = Plain(convolution.Bias),
                },
            },
            input);
        return convolution.HasRelu6
            ? Add($"{name}_relu6", new NeuralNetworkLayer { Clip = new ClipLayerParams { MinVal = 0, MaxVal = 6 } }, output) : output;
    }

    private void AddDecision(string raw)
    {
        var centroid = source.Centroid;
        var size = centroid.Values.Length;
        var unit = Add("unit", new NeuralNetworkLayer { L2Normalize = new L2NormalizeLayerParams { Epsilon = SmallestSquare } }, raw);
        var cosine = AddLinear("cosine", unit, new WeightParams { FloatValue = { centroid.Values } }, bias: null, size, 1);
        var decision = Add(
            "decision", new NeuralNetworkLayer { GreaterEqual = new GreaterEqualLayerParams { Alpha = source.Threshold.Cosine } }, cosine);
        AddOutput(CoreMlDescription.Embedding, unit, size);
        AddOutput(CoreMlDescription.Similarity, cosine, 1);
        AddOutput(CoreMlDescription.Accepted, decision, 1);
    }

    private void AddOutput(string name, string value, int length) =>
        Add(name, new NeuralNetworkLayer { ReshapeStatic = new ReshapeStaticLayerParams { TargetShape = { 1, length } } }, value);

    /// <param name="weightCount">Number of weights: inputs times outputs.</param>
    private string AddLinear(string name, string input, WeightParams weights, WeightParams? bias, int weightCount, int outputs)
    {
        var linear = new InnerProductLayerParams
        {
            InputChannels = (ulong)(weightCount / outputs),
            OutputChannels = (ulong)outputs,
            HasBias = bias is not null,
            Weights = weights,
        };
        linear.Bias = bias;
        return Add(name, new NeuralNetworkLayer { InnerProduct = linear }, input);
    }

    private string Add(string output, NeuralNetworkLayer layer, params string[] inputs)
    {
        layer.Name = output;
        layer.Input.Add(inputs);
        layer.Output.Add(output);
        network.Layers.Add(layer);
        return output;
    }

    /// <param name="scale">The factor that the values were multiplied by.</param>
    private WeightParams Weights(string layer, float[] values, float scale)
    {
        if (!source.EightBit.TryGetValue(layer, out var quantised))
        {
            return Plain(values);
        }

        var scales = Array.ConvertAll(quantised.Scales, s => s * scale);
        var raw = Array.ConvertAll(quantised.Values, value => (byte)(value - sbyte.MinValue)); // this format's 8-bit values are unsigned
        return new WeightParams
        {
            RawValue = ByteString.CopyFrom(raw),
            Quantization = new QuantizationParams
            {
                NumberOfBits = 8,
                LinearQuantization = new LinearQuantizationParams { Scale = { scales }, Bias = { scales.Select(s => s * sbyte.MinValue) } },
            },
        };
    }

    /// <summary>
    /// A factor on the raw embedding, which normalising to length 1 removes again. In float16 the sum of its squares must stay below 65504.
    /// The
    /// pooled features are at most 6, and each group of a descriptor has length 1, so no picture can exceed this.
    /// </summary>
    private static float HeadScale(FoldedNetwork network)
    {
        var features = network.Kind == FeatureKind.Pooled ? LargestFeature * Math.Sqrt(network.HeadWeights.Length / network.HeadBias.Length)
            : Math.Sqrt(Descriptor.Groups.Count);
        var longest = (TensorPrimitives.Norm<float>(network.HeadWeights) * features) + TensorPrimitives.Norm<float>(network.HeadBias);
        return (float)(LongestEmbedding / longest);
    }

    /// <summary>
    /// Values in float32 for that precision and in float16 for the others, because weights and bias of a layer must have the same type.
    /// </summary>
    private WeightParams Plain(float[] values) => source.Precision == Precision.Fp32
        ? new WeightParams { FloatValue = { values } }
        : new WeightParams { Float16Value = ByteString.CopyFrom(LittleEndian.Halves(values)) };
}
