using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Trainer.Core.Export;
using Trainer.Core.Export.CoreMl;
using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Networks;
using Xunit;

namespace Trainer.Core.Tests.Export.CoreMl;

/// <summary>ML Programs that are broken in one place each. A proof is only as good as its reader at refusing them.</summary>
public sealed class BrokenPackageTests
{
    private const int Manifest = 0, ModelFile = 1, Weights = 2;

    public static TheoryData<string> Damages => [.. Programs.Keys];

    private static readonly Dictionary<string, (Action<Model> Break, string Message)> Programs = new()
    {
        ["unknown operation"] = (m => Operation(m, "pool").Type = "max_pool", "pool is made by 'max_pool', an operation that no gate"),
        ["convolution without pad"] = (m => Operation(m, "features_0_0").Inputs.Remove("pad"), "features_0_0 is a conv with arguments"),
        ["same padding"] = (m => Operation(m, "pad_custom").Attributes["val"] = MilValue.Text("same"), "pads 'same'"),
        ["pad as ONNX orders it"] =
        (m => Operation(m, "pad_1").Attributes["val"] = MilValue.Wholes(1, 0, 1, 0), "pads 'custom' by [1, 0, 1, 0]"),
        ["strides of another length"] =
        (m => SetConstant(m, "strides_2", MilValue.Wholes(2)), "strides of features_0_0 is Int32 [1], expected 2 whole numbers"),
        ["other strides"] =
        (m => Operation(m, "strides_2").Attributes["val"] = MilValue.Wholes(1, 1),
            "features_0_0 is Float16 [1, 32, 128, 128], declared as Float16 [1, 32, 64, 64]"),
        ["declared shape"] =
        (m => Operation(m, "pool").Outputs[0].Type = MilType.Of(DataType.Float16, 1, 1281),
            "pool is Float16 [1, 1280], declared as Float16 [1, 1281]"),
        ["declared element"] =
        (m => Operation(m, "fc").Outputs[0].Type = MilType.Of(DataType.Float32, 1, 512),
            "fc is Float16 [1, 512], declared as Float32 [1, 512]"),
        ["missing cast"] =
        (m => Operation(m, "fc_length").Inputs["x"].Arguments[0].Name = "fc", "fc_length is Float16 [1, 1], declared as Float32 [1, 1]"),
        ["mixed elements"] = (m => Operation(m, "embedding").Inputs["x"].Arguments[0].Name = "fc", "embedding mixes Float16 and Float32"),
        ["cast to what isn't there"] = (m => Operation(m, "cast_to_fp16").Attributes["val"] = MilValue.Text("fp8"), "a cast goes to 'fp8'"),
        ["value before its making"] =
        (m => Operation(m, "features_0_0").Inputs["x"].Arguments[0].Name = "fc",
            "x of features_0_0 is 'fc', which no operation before it makes"),
        ["setting that is no constant"] =
        (m => Operation(m, "pool").Inputs["axes"].Arguments[0].Name = "image", "axes of pool is 'image', which no constant"),
        ["name twice"] = (m => BlockOf(m).Operations.Insert(0, Operation(m, "pool_axes").Clone()), "two operations make pool_axes"),
        ["reserved name"] = (m => Operation(m, "pool_axes").Outputs[0].Name = "tensor", "'tensor' is no name for a value"),
        ["name with a dot"] = (m => Operation(m, "pool_axes").Outputs[0].Name = "pool.axes", "'pool.axes' is no name for a value"),
        ["operation without its name"] = (m => Operation(m, "pool").Attributes.Clear(), "pool lacks its attribute 'name'"),
        ["constant of another type"] =
        (m => Operation(m, "threshold").Attributes["val"] = MilValue.Whole(1), "threshold is Int32 [], declared as Float32 []"),
        ["8 bits in a specification without them"] =
        (m => Operation(m, "pool_axes").Type = "constexpr_affine_dequantize",
            "'constexpr_affine_dequantize', an operation that no gate of this specification has"),
        ["unaligned weights"] = (m => Place(m, "fc_weight").Offset += 2, "which is no multiple of 64"),
        ["weights where none are"] = (m => Place(m, "fc_weight").Offset += 128, "weight.bin has no record of val of fc_weight"),
        ["weights of another layer"] =
        (m => Place(m, "fc_weight").Offset = Place(m, "fc_bias").Offset,
            "weight.bin holds 1024 bytes of type 1 for val of fc_weight, expected 1310720 bytes"),
        ["weights behind the end"] = (m => Place(m, "fc_weight").Offset = 1 << 30, "weight.bin is cut short"),
        ["weights in another file"] = (m => Place(m, "fc_weight").FileName = "weights.bin", "lies in 'weights.bin'"),
        ["one output more"] = (m => BlockOf(m).Outputs.Add("decision"), "its program gives [embedding, similarity, accepted, decision]"),
        ["other opset"] = (m => m.MlProgram.Functions["main"].Opset = "CoreML6", "written for 'CoreML6', expected 'CoreML5'"),
        ["other function"] =
        (m => { m.MlProgram.Functions["other"] = m.MlProgram.Functions["main"]; m.MlProgram.Functions.Remove("main"); },
            "other functions than 'main'"),
        ["input of bytes"] =
        (m => m.MlProgram.Functions["main"].Inputs[0].Type = MilType.Of(DataType.Int8, 1, 3, 128, 128),
            "takes image, Int8 [1, 3, 128, 128]"),
        ["other specification"] = (m => m.SpecificationVersion = 5, "it is of specification 5"),
        ["older specification"] = (m => m.SpecificationVersion = 4, "it is of specification 4"),
        ["picture of another size"] = (m => m.Description.Input[0].Type.ImageType.Width = 224, "its picture is 224x128"),
        ["picture in no colour space"] = (m => m.Description.Input[0].Type.ImageType.ColorSpace = 0, "in colour space 0"),
        ["output of another shape"] = (m => m.Description.Output[0].Type.MultiArrayType.Shape[1] = 511, "its output embedding is [1, 511]"),
        ["output of another name"] = (m => m.Description.Output[2].Name = "decision", "its outputs are [embedding, similarity, decision]"),
        ["output that says nothing"] = (m => m.Description.Output[1].ShortDescription = "", "all described"),
        ["no threshold"] = (m => m.Description.Metadata.UserDefined.Remove("threshold"), "the threshold is missing"),
        ["other preprocessing"] =
        (m => m.Description.Metadata.UserDefined["preprocessing_version"] = "99", "it expects preprocessing 99, this trainer does 1"),
        ["classifier"] = (m => m.Description.MergeFrom(new byte[] { (11 << 3) | 2, 1, (byte)'x' }), "the description has a field 11"),
    };

    public static TheoryData<string> DamagesOfDepths => [.. Descriptors.Keys];

    /// <summary>Cases that only gates on features of several depths have.</summary>
    private static readonly Dictionary<string, (Action<Model> Break, string Message)> Descriptors = new()
    {
        ["transposition left to its default"] =
            (m => Operation(m, "depth_6_products").Inputs.Remove("transpose_x"), "depth_6_products is a matmul with arguments"),
        ["rows of another length"] =
        (m => SetConstant(m, "shape_1_32_256", MilValue.Wholes(1, 32, 255)), "[1, 32, 16, 16] is reshaped to [1, 32, 255]"),
        ["rows of another shape"] =
        (m => SetConstant(m, "shape_1_32_256", MilValue.Wholes(1, 256, 32)),
            "depth_6_rows is Float32 [1, 256, 32], declared as Float32 [1, 32, 256]"),
        ["pair that isn't there"] =
        (m => Operation(m, "depth_6_pair_indices").Attributes["val"].ImmediateValue.Tensor.Ints.Values[0] = 1024,
            "an index of a gather lies outside of 0 to 1023"),
        ["pairs along another axis"] = (m => SetConstant(m, "axis_1", MilValue.Whole(4)), ""),
        ["one group fewer"] =
        (m => Operation(m, "descriptor").Inputs["values"].Arguments.RemoveAt(0),
            "descriptor is Float32 [1, 1840], declared as Float32 [1, 1888]"),
        ["interleaved groups"] =
        (m => Operation(m, "descriptor").Inputs["interleave"].Arguments[0].Name = "yes", "a concatenation is interleaved"),
        ["two values for one"] =
        (m => Operation(m, "depth_3_rest").Inputs["x"].Arguments.Add(Operation(m, "depth_3_rest").Inputs["x"].Arguments[0].Clone()),
            "x of depth_3_rest are 2 values, expected one"),
        ["map in float16"] =
        (m => Operation(m, "depth_3_rest").Inputs["x"].Arguments[0].Name = Operation(m, "depth_3_means")
            .Inputs["x"].Arguments[0].Name.Replace("_float32", "", StringComparison.Ordinal), "depth_3_rest mixes"),
        ["head in float16"] =
        (m => Operation(m, "fc_product").Inputs["y"].Arguments[0].Name = "fc_weight", "fc_product mixes Float32 and Float16"),
    };

    [Theory]
    [MemberData(nameof(DamagesOfDepths))]
    public void BrokenDescriptorIsRefused(string damage)
    {
        var (damaging, message) = Descriptors[damage];
        (string Path, byte[] Content)[] files = [.. WrittenGates.Package(Precision.Fp16, FeatureKind.Depths).Files];
        var model = Model.Parser.ParseFrom(files[ModelFile].Content);
        damaging(model);
        files[ModelFile].Content = model.ToByteArray();

        AssertRefused(files, message);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void BrokenProgramIsRefused(string damage)
    {
        var (damaging, message) = Programs[damage];
        var files = Files();
        var model = Model.Parser.ParseFrom(files[ModelFile].Content);
        damaging(model);
        files[ModelFile].Content = model.ToByteArray();

        AssertRefused(files, message);
    }

    [Theory]
    [InlineData(0, "weight.bin is cut short: its header")]
    [InlineData(64, "weight.bin is cut short: the record of")]
    [InlineData(5_000_000, "weight.bin is cut short: the numbers of")]
    public void CutWeightsAreRefused(int length, string message)
    {
        var files = Files();
        files[Weights].Content = files[Weights].Content[..length];

        AssertRefused(files, message);
    }

    [Theory]
    [InlineData(0, 500u, "weight.bin counts 500 tensors")]
    [InlineData(4, 1u, "weight.bin is of version 1")]
    [InlineData(64, 0xDEADBEEEu, "it starts with DEADBEEE, expected DEADBEEF")]
    [InlineData(68, 2u, "of type 2")]
    [InlineData(72, 5u, "weight.bin holds 5 bytes")]
    [InlineData(80, 130u, "which is no multiple of 64")]
    public void BrokenWeightsAreRefused(int place, uint value, string message)
    {
        var files = Files();
        files[Weights].Content = [.. files[Weights].Content];
        BinaryPrimitives.WriteUInt32LittleEndian(files[Weights].Content.AsSpan(place), value);

        AssertRefused(files, message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(30_000)]
    public void CutModelIsRefused(int length)
    {
        var files = Files();
        files[ModelFile].Content = files[ModelFile].Content[..length];

        AssertRefused(files, "is cut short");
    }

    [Theory]
    [InlineData("{", "Manifest.json is damaged")]
    [InlineData("[]", "Manifest.json is damaged")]
    [InlineData("{\"fileFormatVersion\": \"1.0.0\", \"itemInfoEntries\": {}}", "names 0 items")]
    public void BrokenManifestIsRefused(string manifest, string message)
    {
        var files = Files();
        files[Manifest].Content = Encoding.UTF8.GetBytes(manifest);

        AssertRefused(files, message);
    }

    [Theory]
    [InlineData(Manifest, "it lacks Manifest.json")]
    [InlineData(ModelFile, "it lacks Data/com.apple.CoreML/model.mlmodel")]
    [InlineData(Weights, "it lacks Data/com.apple.CoreML/weights/weight.bin")]
    public void MissingFileIsRefused(int file, string message)
    {
        var files = Files().ToList();
        files.RemoveAt(file);

        AssertRefused([.. files], message);
    }

    [Fact]
    public void OtherThresholdThanTheMetadataSaysIsNoticed()
    {
        var files = Files();
        var model = Model.Parser.ParseFrom(files[ModelFile].Content);
        Operation(model, "threshold").Attributes["val"] = MilValue.Float(-2);
        model.Description.Metadata.UserDefined["threshold"] = "2";
        files[ModelFile].Content = model.ToByteArray();
        using var gate = CoreMlGate.Load(files, "broken");

        var error = Assert.Throws<TrainerException>(() => gate.Judge(WrittenGates.Pictures(1)[0]));

        Assert.Contains("decides by another threshold", error.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused((string Path, byte[] Content)[] files, string message)
    {
        var error = Assert.Throws<TrainerException>(() => CoreMlGate.Load(files, "x.mlpackage").Dispose());

        Assert.StartsWith("'x.mlpackage' is no Core ML gate of this trainer: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static (string Path, byte[] Content)[] Files() => [.. WrittenGates.Package(Precision.Fp16).Files];

    private static Block BlockOf(Model model) => model.MlProgram.Functions["main"].BlockSpecializations.Values.Single();

    private static Operation Operation(Model model, string output) =>
        BlockOf(model).Operations.Single(operation => operation.Outputs[0].Name == output);

    private static void SetConstant(Model model, string name, Value value)
    {
        Operation(model, name).Attributes["val"] = value;
        Operation(model, name).Outputs[0].Type = value.Type;
    }

    private static Value.Types.BlobFileValue Place(Model model, string constant) =>
        Operation(model, constant).Attributes["val"].BlobFileValue;
}
