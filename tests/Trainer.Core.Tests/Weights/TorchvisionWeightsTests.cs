using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Trainer.Core.Tests.Export;
using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Weights;

public sealed class TorchvisionWeightsTests
{
    /// <summary>Names, shapes and numbers are those that PyTorch 1.13.1 reads from it.</summary>
    [Fact]
    public void TorchvisionsFileIsReadWhole()
    {
        var file = WeightFile.Open(SharedFiles.TorchvisionWeights());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in file.Tensors.Values)
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"{tensor.Name} [{string.Join(", ", tensor.Shape)}]\n"));
            hash.AppendData(tensor.Data.Span);
        }

        Assert.Equal(314, file.Tensors.Count);
        Assert.Equal("16a6c162bbb903dad2ac1c54e85a580dd6d82492b83204cae78873c6865c16ab", Convert.ToHexStringLower(hash.GetHashAndReset()));
        Assert.True(TorchvisionWeights.AreIn(file));
    }

    [Theory]
    [InlineData(WeightType.Float32)]
    [InlineData(WeightType.Float16)]
    [InlineData(WeightType.BFloat16)]
    [InlineData(WeightType.Float64)]
    public void NumbersAreKnownInAnyFloatingType(WeightType type)
    {
        Assert.True(TorchvisionWeights.AreIn(new WeightFile("x", Samples().Select(tensor => As(type, tensor)))));
        Assert.True(TorchvisionWeights.AreIn(
            new WeightFile("x", Samples().Select(tensor => As(type, tensor) with { Name = "module." + tensor.Name }))));
    }

    [Fact]
    public void TheWholeFileIsKnownInHalfPrecision()
    {
        var file = WeightFile.Open(SharedFiles.TorchvisionWeights());

        Assert.All([WeightType.Float16, WeightType.BFloat16], type => Assert.True(TorchvisionWeights.AreIn(
            new WeightFile("x", file.Tensors.Values.Where(tensor => tensor.Type.IsFloating()).Select(tensor => As(type, tensor))))));
    }

    [Fact]
    public void OtherNumbersAreOthers()
    {
        using var network = RandomGate.Network();

        Assert.False(TorchvisionWeights.AreIn(new WeightFile("x", Trainer.Core.Weights.StateDict.Save(network))));
        Assert.False(TorchvisionWeights.AreIn(new WeightFile("x", [])));
        Assert.All(Enumerable.Range(0, Samples().Length), left =>
            Assert.False(TorchvisionWeights.AreIn(new WeightFile("x", Samples().Where((_, i) => i != left)))));
        Assert.All(Enumerable.Range(0, Samples().Length), changed => Assert.False(TorchvisionWeights.AreIn(
            new WeightFile("x", Samples().Select((tensor, i) => i == changed ? Scaled(tensor, 1.02f) : tensor))))); // trained on a little
        Assert.False(TorchvisionWeights.AreIn(new WeightFile("x", Samples().Select(tensor => Scaled(tensor, float.NaN)))));
        Assert.False(TorchvisionWeights.AreIn(
            new WeightFile("x", Samples().Select(tensor => new WeightTensor(tensor.Name, WeightType.Int32, tensor.Shape, tensor.Data)))));
    }

    [Fact]
    public void TensorFlowsAreOthers() => Assert.False(TorchvisionWeights.AreIn(
        WeightFile.Open(SharedFiles.Weights("tf2_mobilenet_v2_1.0_224_ptq.safetensors"))));

    /// <summary>Tensors with the numbers that are checked, and 0 elsewhere.</summary>
    private static WeightTensor[] Samples() => [.. TorchvisionWeights.Samples.Select(sample =>
    {
        var numbers = new float[sample.Count];
        for (var i = 0; i < sample.Numbers.Length; i++)
        {
            numbers[i * (sample.Count / sample.Numbers.Length)] = sample.Numbers[i];
        }

        return Checkpoints.Floats(sample.Name, [sample.Count], numbers);
    })];

    private static WeightTensor Scaled(WeightTensor tensor, float factor) =>
        Checkpoints.Floats(tensor.Name, tensor.Shape, [.. tensor.ToSingles().Select(number => number * factor)]);

    private static WeightTensor As(WeightType type, WeightTensor tensor)
    {
        var numbers = tensor.ToSingles();
        return new WeightTensor(tensor.Name, type, tensor.Shape, type switch
        {
            WeightType.Float64 => MemoryMarshal.AsBytes<double>([.. numbers.Select(number => (double)number)]).ToArray(),
            WeightType.Float16 => MemoryMarshal.AsBytes<Half>([.. numbers.Select(number => (Half)number)]).ToArray(),
            WeightType.BFloat16 =>
            MemoryMarshal.AsBytes<ushort>([.. numbers.Select(number => (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16))]).ToArray(),
            _ => Checkpoints.Bytes(numbers),
        });
    }
}
