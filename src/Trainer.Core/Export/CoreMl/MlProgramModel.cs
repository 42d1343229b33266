using Google.Protobuf;
using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.CoreMl;

/// <summary>
/// Writes the gate as an ML Program, which takes a picture and returns the unit embedding, the similarity and the decision.
/// </summary>
/// <remarks>
/// Specification 6 (iOS 15, macOS 12); 8-bit weights need 7 (iOS 16, macOS 13). The maps are computed in the precision of the weights. The
/// descriptor with the linear layer after it, the unit embedding, the cosine and the decision are always in float32, because a
/// descriptor's distance is a small residue of large sums, and a sum of squares overflows float16. The linear layer of pooled features
/// is computed in the precision of its weights.
/// </remarks>
internal sealed class MlProgramModel
{
    private const float PixelScale = (float)(1 / Preprocessing.HalfRange);

    private readonly MilBlock block = new();
    private readonly CoreMlSource source;
    private readonly int inputEdge;
    private readonly DataType computed;

    private MlProgramModel(CoreMlSource source)
    {
        this.source = source;
        inputEdge = source.Preprocessing.Edge;
        computed = source.Precision == Precision.Fp32 ? DataType.Float32 : DataType.Float16;
        AddDecision(AddNetwork());
    }

    /// <summary>The package's content.</summary>
    public static ModelPackage Write(CoreMlSource source)
    {
        var program = new MlProgramModel(source);
        var (specification, opset) = source.Precision == Precision.Int8 ? (7, "CoreML6") : (6, "CoreML5");
        var model = new Model
        {
            SpecificationVersion = specification,
            Description = CoreMlDescription.Of(source),
            MlProgram = new Program { Version = 1, Functions = { ["main"] = program.Function(opset) } },
        };
        return new ModelPackage(model.ToByteArray(), program.block.Weights.ToArray());
    }

    private Function Function(string opset) => new()
    {
        Inputs = { new NamedValueType { Name = CoreMlDescription.Input, Type = MilType.Of(DataType.Float32, 1, 3, inputEdge, inputEdge) } },
        Opset = opset,
        BlockSpecializations = { [opset] = block.Proto },
    };

    /// <returns>The raw embedding, float32 [1, 512].</returns>
    private string AddNetwork()
    {
        var network = source.Network;
        var descriptor = network.Kind == FeatureKind.Depths ? new MilDescriptor(block) : null;
        var edge = inputEdge;
        var channels = 3L;
        var current = AddNormalisation();
        foreach (var (number, part) in network.Blocks.Index())
        {
            var output = current;
            foreach (var convolution in part.Convolutions)
            {
                edge = (edge + (2 * convolution.Padding) - convolution.Kernel) / convolution.Stride + 1;
                channels = convolution.Shape[0];
                output = AddConvolution(convolution, output, MilType.Of(computed, 1, channels, edge, edge));
            }

            current = part.HasShortcut
                ? block.Add("add", $"{output}_sum", MilType.Of(computed, 1, channels, edge, edge), ("x", current), ("y", output))
                : output;
            if (descriptor is not null && Descriptor.Depths.FirstOrDefault(depth => depth.Block == number) is { } depth)
            {
                descriptor.Add(depth, Cast(current, $"{current}_float32", "fp32", DataType.Float32, 1, channels, edge, edge), edge);
            }
        }

        return descriptor is null ? AddPooledHead(current, channels) : AddHead(descriptor.Concatenated());
    }

    /// <summary>
    /// Adds the linear layer for descriptors. Its weights are widened to float32, so it is written as a matrix product: <c>linear</c> only
    /// takes constant weights.
    /// </summary>
    private string AddHead(string features)
    {
        var network = source.Network;
        var size = network.HeadBias.Length;
        long[] shape = [size, network.HeadWeights.Length / size];
        var weights = Weight(CoreMlSource.Head, network.HeadWeights, shape, DataType.Float32);
        if (source.Precision == Precision.Fp16)
        {
            weights = Cast(weights, $"{CoreMlSource.Head}_weight_float32", "fp32", DataType.Float32, shape);
        }

        var type = MilType.Of(DataType.Float32, 1, size);
        var product = block.Add(
            "matmul", $"{CoreMlSource.Head}_product", type, ("x", features), ("y", weights),
            ("transpose_x", block.Constant("no", MilValue.Truth(false))), ("transpose_y", block.Constant("yes", MilValue.Truth(true))));
        return block.Add("add", CoreMlSource.Head, type, ("x", product),
            ("y", block.Constant($"{CoreMlSource.Head}_bias", block.Tensor(network.HeadBias, [1, size], Precision.Fp32))));
    }

    private string AddPooledHead(string map, long channels)
    {
        var network = source.Network;
        var pooled = block.Add(
            "reduce_mean", "pool", MilType.Of(computed, 1, channels), ("x", map),
            ("axes", block.Constant("pool_axes", MilValue.Wholes(2, 3))),
            ("keep_dims", block.Constant("pool_keep_dims", MilValue.Truth(false))));
        var size = network.HeadBias.Length;
        var raw = block.Add(
            "linear", CoreMlSource.Head, MilType.Of(computed, 1, size), ("x", pooled),
            ("weight", Weight(CoreMlSource.Head, network.HeadWeights, [size, channels], computed)),
            ("bias", block.Constant($"{CoreMlSource.Head}_bias", block.Tensor(network.HeadBias, [size], source.Precision))));
        return Cast(raw, "fc_float32", "fp32", DataType.Float32, 1, size);
    }

    /// <summary>Scales 0..255 to −1..1 in float32, the image's type, then casts to the network's precision.</summary>
    private string AddNormalisation()
    {
        long[] shape = [1, 3, inputEdge, inputEdge];
        var scaled = block.Add(
            "mul", "pixels_scaled", MilType.Of(DataType.Float32, shape), ("x", CoreMlDescription.Input),
            ("y", block.Constant("pixel_scale", MilValue.Float(PixelScale))));
        var normalised = block.Add(
            "add", "pixels", MilType.Of(DataType.Float32, shape), ("x", scaled), ("y", block.Constant("pixel_shift", MilValue.Float(-1))));
        return Cast(normalised, "pixels_float16", "fp16", DataType.Float16, shape);
    }

    /// <summary>
    /// Adds a convolution with every argument written out, because Core ML's compiler refuses one that omits an argument.
    /// </summary>
    private string AddConvolution(FoldedConvolution convolution, string input, Schema.ValueType type)
    {
        var name = Identifier(convolution.Name);
        int stride = convolution.Stride, padding = convolution.Padding;
        var output = block.Add(
            "conv",
            name,
            type,
            ("x", input),
            ("weight", Weight(convolution.Name, convolution.Weights, convolution.Shape, computed)),
            ("bias", block.Constant($"{name}_bias", block.Tensor(convolution.Bias, [convolution.Bias.Length], source.Precision))),
            ("strides", block.Constant($"strides_{stride}", MilValue.Wholes(stride, stride))),
            ("pad_type", block.Constant("pad_custom", MilValue.Text("custom"))),
            ("pad", block.Constant($"pad_{padding}", MilValue.Wholes(padding, padding, padding, padding))), // top, bottom, left, right
            ("dilations", block.Constant("dilations_1", MilValue.Wholes(1, 1))),
            ("groups", block.Constant($"groups_{convolution.Groups}", MilValue.Whole(convolution.Groups))));
        return convolution.HasRelu6 ? block.Add("relu6", $"{name}_relu6", type, ("x", output)) : output;
    }

    /// <param name="widened">The type that 8-bit weights are widened to.</param>
    private string Weight(string layer, float[] values, long[] shape, DataType widened)
    {
        var name = $"{Identifier(layer)}_weight";
        return source.EightBit.TryGetValue(layer, out var weights) ? block.EightBit(name, weights, shape, widened)
            : block.Constant(name, block.Tensor(values, shape, source.Precision));
    }

    /// <summary>A valid name, which consists of letters, digits and underscores.</summary>
    private static string Identifier(string layer) => layer.Replace('.', '_');

    private void AddDecision(string raw)
    {
        var centroid = source.Centroid;
        var size = centroid.Values.Length;
        var single = MilType.Of(DataType.Float32, 1, 1);
        var length = block.Add(
            "reduce_l2_norm", "fc_length", single, ("x", raw), ("axes", block.Constant("length_axes", MilValue.Wholes(1))),
            ("keep_dims", block.Constant("length_keep_dims", MilValue.Truth(true))));
        block.Add("real_div", CoreMlDescription.Embedding, MilType.Of(DataType.Float32, 1, size), ("x", raw), ("y", length));
        block.Add(
            "linear", CoreMlDescription.Similarity, single, ("x", CoreMlDescription.Embedding),
            ("weight", block.Constant("centroid", block.Tensor(centroid.Values, [1, size], Precision.Fp32))),
            ("bias", block.Constant("centroid_bias", MilValue.Floats([0], [1]))));
        var decision = block.Add(
            "greater_equal", "decision", MilType.Of(DataType.Bool, 1, 1), ("x", CoreMlDescription.Similarity),
            ("y", block.Constant("threshold", MilValue.Float(source.Threshold.Cosine))));
        Cast(decision, CoreMlDescription.Accepted, "fp32", DataType.Float32, 1, 1);
        block.Proto.Outputs.Add([CoreMlDescription.Embedding, CoreMlDescription.Similarity, CoreMlDescription.Accepted]);
    }

    /// <summary>Casts a value, unless the network is in float32 anyway.</summary>
    private string Cast(string value, string output, string name, DataType type, params long[] shape) =>
        source.Precision == Precision.Fp32 && output != CoreMlDescription.Accepted
            ? value
            : block.Add("cast", output, MilType.Of(type, shape), ("x", value),
                ("dtype", block.Constant($"cast_to_{name}", MilValue.Text(name))));
}
