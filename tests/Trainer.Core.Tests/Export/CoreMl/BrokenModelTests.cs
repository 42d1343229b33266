using Google.Protobuf;
using Trainer.Core.Export;
using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Networks;
using Xunit;

namespace Trainer.Core.Tests.Export.CoreMl;

/// <summary>NeuralNetworks that are broken in one place each.</summary>
public sealed class BrokenModelTests
{
    public static TheoryData<string> Damages => [.. Networks.Keys];

    private static readonly Dictionary<string, (Action<NeuralNetwork> Break, string Message)> Networks = new()
    {
        ["missing layer"] = (n => n.Layers.Remove(Layer(n, "pool")), "takes 'pool', which no layer before it makes"),
        ["layer twice"] = (n => n.Layers.Add(Layer(n, "decision").Clone()), "two layers make 'decision'"),
        ["missing output"] = (n => n.Layers.Remove(Layer(n, "accepted")), "no layer makes 'accepted'"),
        ["layer of no kind"] = (n => Layer(n, "pool").ClearLayer(), "the layer 'pool' is of 0 kinds"),
        ["addition of one"] = (n => n.Layers.First(l => l.Add is not null).Input.RemoveAt(0), "is of 1 kinds, with 1 inputs"),
        ["largest instead of mean"] = (n => Layer(n, "pool").Pooling.Type = 0, "'pool' is no mean over all places"),
        ["missing weight"] =
        (n => First(n).Weights.Float16Value = ByteString.CopyFrom(new byte[10]), "'features_0_0' has 5 numbers, expected 864"),
        ["no weights"] = (n => First(n).Weights = new WeightParams(), "'features_0_0' has no numbers, or has them twice"),
        ["weights twice"] = (n => First(n).Weights.FloatValue.Add(1), "'features_0_0' has no numbers, or has them twice"),
        ["full bias of half weights"] =
        (n => First(n).Bias = new WeightParams { FloatValue = { new float[32] } }, "'features_0_0' mixes float32 and float16"),
        ["no padding"] = (n => First(n).Valid = null, "the padding of 'features_0_0', expected once"),
        ["other groups"] = (n => First(n).NGroups = 2, ""),
        ["no bias"] = (n => First(n).HasBias = false, "the convolution 'features_0_0' isn't"),
        ["other shape"] = (n => Layer(n, "embedding").ReshapeStatic.TargetShape[1] = 256, ""),
        ["swapped axes"] =
        (n => (Layer(n, "embedding").ReshapeStatic.TargetShape[0], Layer(n, "embedding").ReshapeStatic.TargetShape[1]) = (512, 1),
            "its output embedding is [512, 1], described as [1, 512]"),
        ["shapes of rank 5"] = (n => n.ImageInputShapeMapping = 0, "its shapes are mapped by 1 and 0"),
        ["normalisation of another input"] = (n => n.Preprocessing[0].FeatureName = "picture", "its preprocessing is of 'picture'"),
        ["no normalisation"] = (n => n.Preprocessing.Clear(), "the network has 0 times the preprocessing"),
    };

    public static TheoryData<string> DamagesOfDepths => [.. Descriptors.Keys];

    /// <summary>Cases that only gates on features of several depths have.</summary>
    private static readonly Dictionary<string, (Action<NeuralNetwork> Break, string Message)> Descriptors = new()
    {
        ["root of a root"] =
            (n => Layer(n, "depth_3_sizes").Unary.Type = (UnaryFunctionLayerParams.Types.Operation)5,
            "'depth_3_sizes' is the function 5 of each number"),
        ["mean over one axis"] = (n => Layer(n, "depth_3_means").ReduceMean.Axes.RemoveAt(0), "'depth_3_means' is no mean over all places"),
        ["mean that drops its axes"] =
        (n => Layer(n, "depth_3_means").ReduceMean.KeepDims = false, "'depth_3_means' is no mean over all places"),
        ["product of the wrong sides"] =
        (n => Layer(n, "depth_6_products").BatchedMatmul.TransposeB = false,
            "'depth_6_products' is no product with the second input transposed"),
        ["pair that isn't there"] =
        (n => Layer(n, "depth_6_pair_indices").LoadConstantND.Data.FloatValue[0] = 1024, "'depth_6_pairs' gathers what isn't there"),
        ["pairs along another axis"] = (n => Layer(n, "depth_6_pairs").Gather.Axis = 3, "'depth_6_pairs' gathers what isn't there"),
        ["one pair fewer"] =
        (n => Layer(n, "depth_6_pair_indices").LoadConstantND.Data.FloatValue.RemoveAt(0),
            "'depth_6_pair_indices' has 495 numbers, expected 496"),
        ["one group"] = (n => Layer(n, "descriptor").Input.RemoveAt(0), ""),
        ["difference from nothing"] =
        (n => Layer(n, "depth_3_rest").Input.RemoveAt(1), "the layer 'depth_3_rest' is of 1 kinds, with 1 inputs"),
    };

    [Theory]
    [MemberData(nameof(DamagesOfDepths))]
    public void BrokenDescriptorIsRefused(string damage)
    {
        var (damaging, message) = Descriptors[damage];
        var model = Model.Parser.ParseFrom(WrittenGates.LegacyModel(Precision.Fp16, FeatureKind.Depths));
        damaging(model.NeuralNetwork);

        AssertRefused(model.ToByteArray(), message);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void BrokenNetworkIsRefused(string damage)
    {
        var (damaging, message) = Networks[damage];
        var model = Model.Parser.ParseFrom(WrittenGates.LegacyModel(Precision.Fp16));
        damaging(model.NeuralNetwork);

        AssertRefused(model.ToByteArray(), message);
    }

    [Fact]
    public void ScalesOfOtherLayersAreRefused()
    {
        var model = Model.Parser.ParseFrom(WrittenGates.LegacyModel(Precision.Int8));
        Layer(model.NeuralNetwork, "fc").InnerProduct.Weights.Quantization.LinearQuantization.Scale.RemoveAt(0);

        AssertRefused(model.ToByteArray(), "511 scales and 512 biases for 512 channels");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100_000)]
    [InlineData(5_000_000)]
    public void CutFileIsRefused(int length) => AssertRefused(WrittenGates.LegacyModel(Precision.Fp16)[..length], "is cut short");

    [Theory]
    [InlineData("")]
    [InlineData("this is no model")]
    [InlineData("{\"format\": \"coreml\"}")]
    public void GarbageIsRefused(string content) => AssertRefused(System.Text.Encoding.UTF8.GetBytes(content), "");

    [Fact]
    public void MissingFileIsRefused() =>
        Assert.StartsWith(
            "Can't read the model 'nothing.mlmodel'", Assert.Throws<TrainerException>(() => CoreMlGate.Open("nothing.mlmodel")).Message,
            StringComparison.Ordinal);

    private static void AssertRefused(byte[] model, string message)
    {
        var error = Assert.Throws<TrainerException>(() => CoreMlGate.Load(model, "x.mlmodel").Dispose());

        Assert.StartsWith("'x.mlmodel' is no Core ML gate of this trainer: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static NeuralNetworkLayer Layer(NeuralNetwork network, string name) => network.Layers.Single(layer => layer.Name == name);

    private static ConvolutionLayerParams First(NeuralNetwork network) => Layer(network, "features_0_0").Convolution;
}
