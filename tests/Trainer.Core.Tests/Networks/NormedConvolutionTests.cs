using TorchSharp;
using Trainer.Core.Networks;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

public sealed class NormedConvolutionTests
{
    [Fact]
    public void FixedNormsInsideTheWeightsLearnAsTheLayersDo()
    {
        using var scope = NewDisposeScope();
        using var network = FixedNorms();
        network.to(ScalarType.Float64);
        var images = Images().to(ScalarType.Float64);
        network.forward(images).square().mean().backward();
        var folded = Gradients(network);

        network.Head.forward(network.Features.forward(images).mean([2, 3])).square().mean().backward();

        var layers = Gradients(network);
        Assert.All(folded.Zip(layers), pair =>
            Assert.InRange((pair.First - pair.Second).norm().item<double>() / pair.Second.norm().item<double>(), 0, 1e-9));
    }

    /// <summary>A network whose norms have the statistics of real activations.</summary>
    private static EmbeddingNetwork FixedNorms()
    {
        manual_seed(5);
        var network = new EmbeddingNetwork();
        using (no_grad())
        {
            network.forward(Images());
        }

        BatchNorms.ResetRunningStatistics(network);
        BatchNorms.Freeze(network);
        return network;
    }

    private static Tensor Images() => rand(4, 64, 64, 3, generator: new Generator(3)).permute(0, 3, 1, 2);

    private static Tensor[] Gradients(EmbeddingNetwork network)
    {
        Tensor[] gradients = [.. network.parameters().Select(parameter => parameter.grad!.clone())]; // all took part
        network.zero_grad();
        return gradients;
    }
}
