using Trainer.Core.Tests.Weights.Safetensors;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Weights;

public class StateDictTests
{
    [Fact]
    public void WhatIsSavedLoadsIntoAnother()
    {
        using var source = new SmallNetwork();
        using var target = new SmallNetwork();

        var file = SafetensorsFile.Parse(Checkpoints.Safetensors([.. StateDict.Save(source)]), "x.safetensors");
        var report = StateDict.Load(target, file);

        Assert.Equal(9, report.Loaded);
        Assert.Empty(report.NotInFile);
        Assert.Empty(report.NotUsed);
        Assert.All(StateDict.Save(source).Zip(StateDict.Save(target)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public void LoadedNetworkStillLearns()
    {
        using var scope = NewDisposeScope();
        using var network = new SmallNetwork();

        StateDict.Load(network, new WeightFile("x", StateDict.Save(network)));
        network.forward(ones(2, 3, 8, 8)).sum().backward();

        Assert.All(network.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void NamesOfTheArticleAndOfDataParallelAreTaken()
    {
        using var network = new SmallNetwork();
        var tensors = StateDict.Save(network)
            .Select(tensor => tensor with { Name = "module." + tensor.Name.Replace("features.", "head.") })
            .Append(Checkpoints.Floats("stranger.weight", [1], 1));

        var report = StateDict.Load(network, new WeightFile("x", tensors));

        Assert.Equal(9, report.Loaded);
        Assert.Equal(["stranger.weight"], report.NotUsed);
    }

    /// <summary>Every file of torchvision has them, so they aren't reported.</summary>
    [Fact]
    public void LastLayersOfAWholeMobileNetAreLeftUnmentioned()
    {
        using var network = new SmallNetwork();
        var tensors = StateDict.Save(network)
            .Concat([Checkpoints.Floats("classifier.1.weight", [1], 1), Checkpoints.Floats("head.18.0.weight", [1], 1)]);

        Assert.Empty(StateDict.Load(network, new WeightFile("x", tensors)).NotUsed);
    }

    [Fact]
    public void HeadAndBatchCountMayBeMissing()
    {
        using var network = new SmallNetwork();
        var tensors = StateDict.Save(network).Where(tensor => !tensor.Name.StartsWith("fc.") && !tensor.Name.EndsWith("_tracked"));

        var report = StateDict.Load(network, new WeightFile("x", tensors));

        Assert.Equal(6, report.Loaded);
        Assert.Equal(["fc.bias", "fc.weight", "features.1.num_batches_tracked"], report.NotInFile.Order());
    }

    [Fact]
    public void OtherMissingTensorsAreRefused()
    {
        using var network = new SmallNetwork();
        var tensors = StateDict.Save(network).Where(tensor => tensor.Name != "features.1.running_var");

        var message = Refusal(network, tensors);

        Assert.Contains("'x.safetensors' lacks 1 of the network's 9 tensors: features.1.running_var.", message);
    }

    [Fact]
    public void OtherShapesAreRefusedBeforeAnythingIsFilled()
    {
        using var network = new SmallNetwork();
        var before = StateDict.Save(network);
        var tensors = before.Select(tensor => tensor.Name == "fc.bias"
            ? Checkpoints.Floats("fc.bias", [3], 1, 2, 3)
            : new WeightTensor(tensor.Name, tensor.Type, tensor.Shape, new byte[tensor.Data.Length]));

        Assert.Equal("fc.bias is [3] in 'x.safetensors', expected [2].", Refusal(network, tensors));
        Assert.All(before.Zip(StateDict.Save(network)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public void WholeNumbersForFractionsAreRefused()
    {
        using var network = new SmallNetwork();
        var tensors = StateDict.Save(network).Select(tensor => tensor.Name == "fc.bias"
            ? new WeightTensor("fc.bias", WeightType.Int8, [2], new byte[2]) : tensor);

        Assert.Contains("fc.bias is Int8 in 'x.safetensors', expected a floating-point type", Refusal(network, tensors));
    }

    [Fact]
    public void TwoNamesForOneTensorAreRefused()
    {
        using var network = new SmallNetwork();
        var tensors = StateDict.Save(network).Append(Checkpoints.Floats("module.fc.bias", [2], 1, 2));

        Assert.Contains("both mean fc.bias", Refusal(network, tensors));
    }

    [Theory]
    [InlineData(WeightType.Float64, new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf })]
    [InlineData(WeightType.Float16, new byte[] { 0, 0xbe })]
    [InlineData(WeightType.BFloat16, new byte[] { 0xc0, 0xbf })]
    public void NumbersBecomeTheNetworksType(WeightType type, byte[] minusOneAndAHalf)
    {
        using var network = new SmallNetwork();
        var bias = new WeightTensor("fc.bias", type, [2], (byte[])[.. minusOneAndAHalf, .. minusOneAndAHalf]);

        StateDict.Load(network, new WeightFile("x", StateDict.Save(network).Select(tensor => tensor.Name == "fc.bias" ? bias : tensor)));

        Assert.Equal([-1.5f, -1.5f], StateDict.Save(network).Single(tensor => tensor.Name == "fc.bias").ToSingles());
    }

    [Fact]
    public void StridesAndScalarsAndEmptyTensorsSurvive()
    {
        using var scope = NewDisposeScope();

        var transposed = StateDict.FromTensor("t", tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).t());

        Assert.Equal([3, 2], transposed.Shape);
        Assert.Equal([1, 4, 2, 5, 3, 6], transposed.ToSingles());
        Assert.Equal(42L, StateDict.ToTensor(StateDict.FromTensor("n", tensor(42L))).item<long>());
        Assert.Equal([2, 0], StateDict.ToTensor(StateDict.FromTensor("e", zeros(2, 0))).shape);
        Assert.Throws<ArgumentException>(() => StateDict.FromTensor("c", zeros(1, ScalarType.ComplexFloat32)));
    }

    [Fact]
    public void EveryTypeSurvives() => Assert.All(Enum.GetValues<WeightType>(), type =>
    {
        using var scope = NewDisposeScope();
        var weights = new WeightTensor("w", type, [2], Enumerable.Range(0, 2 * type.Size()).Select(i => (byte)(i & 1)).ToArray());

        SafetensorsFileTests.AssertSame(weights, StateDict.FromTensor("w", StateDict.ToTensor(weights)));
    });

    private static string Refusal(nn.Module network, IEnumerable<WeightTensor> tensors) =>
        Assert.Throws<TrainerException>(() => StateDict.Load(network, new WeightFile("x.safetensors", tensors))).Message;

    private sealed class SmallNetwork : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4));
        private readonly nn.Module<Tensor, Tensor> fc = nn.Linear(4, 2);

        public SmallNetwork()
            : base(nameof(SmallNetwork)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return fc.forward(features.forward(input).mean([2, 3])).MoveToOuterDisposeScope();
        }
    }
}
