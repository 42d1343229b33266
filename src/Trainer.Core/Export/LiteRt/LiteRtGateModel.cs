using System.Globalization;
using System.Text;
using Trainer.Core.Export.LiteRt.Schema;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.LiteRt;

/// <summary>
/// Writes the gate for LiteRT. The model takes the picture's square and returns the unit embedding, the similarity to the centroid and the
/// decision.
/// </summary>
/// <remarks>
/// The app crops and resizes the picture, because LiteRT has no antialiased resize. Everything after the maps is float32 in every
/// precision.
/// The decision is a float, 1 or 0, because not every runtime returns booleans.
/// </remarks>
internal static class LiteRtGateModel
{
    /// <summary>Name of the input: uint8 [1, E, E, 3], RGB.</summary>
    public const string Input = "image";

    /// <summary>Name of the output with the unit embedding: float32 [1, 512].</summary>
    public const string Embedding = "embedding";

    /// <summary>Name of the output with the cosine to the centroid: float32 [1, 1].</summary>
    public const string Similarity = "similarity";

    /// <summary>Name of the output that is 1 for accepted, 0 for rejected: float32 [1, 1].</summary>
    public const string Accepted = "accepted";

    /// <summary>The zero point of the input. x / 127.5 − 1 equals (x − 128) / 127.5 plus half a step; 127.5 itself isn't a byte.</summary>
    public const int PixelZero = 128;

    /// <summary>Description of the model, for people.</summary>
    public const string Description = "A gate that accepts pictures of one subject and rejects everything else.";

    private const double LeastLength = 1e-12;
    private const int VersionLength = 16; // the space that converters reserve

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(
        FoldedNetwork network, ILayers layers, Centroid centroid, Threshold threshold, string trainerVersion, Preprocessing preprocessing)
    {
        var graph = new LiteRtGraph();
        var image = graph.Input(
            Input, ElementType.Uint8, new ByteScale([(float)(1 / Preprocessing.HalfRange)], PixelZero), 1, preprocessing.Edge,
            preprocessing.Edge, 3);
        var raw = Head(graph, layers, Features(graph, network, layers, layers.Pixels(graph, image)));
        LiteRtTensor[] outputs = [.. Decision(graph, raw, centroid, threshold)];
        var metadata = Properties(layers.Precision, centroid, threshold, trainerVersion, preprocessing)
            .ToDictionary(property => property.Key, property => Encoding.UTF8.GetBytes(property.Value));
        metadata.Add(GateMetadata.Key, GateMetadata.Write(centroid, threshold, trainerVersion, preprocessing));
        return LiteRtFile.Write(graph, [image], outputs, Description, metadata);
    }

    /// <returns>float32 [1, F].</returns>
    private static LiteRtTensor Features(LiteRtGraph graph, FoldedNetwork network, ILayers layers, LiteRtTensor pixels)
    {
        var descriptor = new DescriptorNodes(graph);
        var map = pixels;
        foreach (var (number, block) in network.Blocks.Index())
        {
            var output = block.Convolutions.Aggregate(map, (input, convolution) => layers.Convolution(graph, convolution, input));
            map = block.HasShortcut ? layers.Sum(graph, map, output) : output;
            if (network.Kind == FeatureKind.Depths && Descriptor.Depths.FirstOrDefault(depth => depth.Block == number) is { } depth)
            {
                descriptor.Add(depth, layers.Floats(graph, map));
            }
        }

        return network.Kind == FeatureKind.Depths ? descriptor.Concatenated() : Pool(graph, layers.Floats(graph, map));
    }

    private static LiteRtTensor Pool(LiteRtGraph graph, LiteRtTensor map) =>
        graph.Reshaped("features", graph.Reduced(BuiltinOperator.Mean, "pool", map, 1, 2), 1, map.Shape[3]);

    /// <summary>
    /// Adds the linear layer. The bias is added separately (version 6 of the operator allows none), because it stays float32, and XNNPACK
    /// takes no float32 bias with widened weights.
    /// </summary>
    /// <returns>float32 [1, 512].</returns>
    private static LiteRtTensor Head(LiteRtGraph graph, ILayers layers, LiteRtTensor features)
    {
        int[] shape = [1, layers.HeadBias.Length];
        var products = graph.Add(
            BuiltinOperator.FullyConnected, $"{WeightRounding.Head}.products", ElementType.Float32, shape,
            [features, layers.HeadWeights(graph)], version: 6);
        return graph.Add(BuiltinOperator.Add, WeightRounding.Head, products,
            graph.Constant($"{WeightRounding.Head}.bias", ElementType.Float32, layers.HeadBias, shape));
    }

    private static IEnumerable<LiteRtTensor> Decision(LiteRtGraph graph, LiteRtTensor raw, Centroid centroid, Threshold threshold)
    {
        var unit = UnitLength.Of(graph, Embedding, raw, LeastLength);
        var products = graph.Add(
            BuiltinOperator.Mul, "products", unit,
            graph.Constant("centroid", ElementType.Float32, centroid.Values.ToArray(), [1, centroid.Values.Length]));
        var similarity = graph.Reduced(BuiltinOperator.Sum, Similarity, products, 1);
        var decision = graph.Add(
            BuiltinOperator.GreaterEqual, "decision", ElementType.Bool, [1, 1], [similarity, graph.Number("threshold", threshold.Cosine)]);
        var accepted = graph.Add(
            BuiltinOperator.Cast, Accepted, ElementType.Float32, [1, 1], [decision],
            OperatorOptions.Cast(ElementType.Bool, ElementType.Float32));
        return [unit, similarity, accepted];
    }

    private static Dictionary<string, string> Properties(
        Precision precision, Centroid centroid, Threshold threshold, string trainerVersion, Preprocessing preprocessing) => new()
        {
            // The TensorFlow Lite version with version 5 of DEQUANTIZE, or version 1 of BATCH_MATMUL.
            ["min_runtime_version"] = (precision == Precision.Int8 ? "2.7.0" : "2.3.0").PadRight(VersionLength, '\0'),
            ["threshold"] = threshold.Cosine.ToString("R", CultureInfo.InvariantCulture),
            ["decision"] = "accepted when similarity >= threshold",
            ["promised_accept_rate"] = threshold.PromisedAcceptRate.ToString("R", CultureInfo.InvariantCulture),
            ["promise"] = threshold.Promise,
            ["centroid_sha256"] = centroid.Sha256,
            ["preprocessing_version"] = Preprocessing.Version.ToString(CultureInfo.InvariantCulture),
            ["preprocessing"] = preprocessing.Description,
            ["precision"] = precision.ToString().ToLowerInvariant(),
            ["trainer_version"] = trainerVersion,
        };
}
