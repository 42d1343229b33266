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
        Assert.All(folded.Zip(layers), pair => Assert.InRange((pair.First - pair.Second).norm().item<double>() / pair.Second.norm().item<double>(), 0, 1e-9));
    }

    [Fact]
    public void BFloat16IsCloseInTrainingAndLeavesEvaluationAlone()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var network = new EmbeddingNetwork();
        var images = Images();
        var (training, evaluation) = Both();

        network.UseBFloat16(training: true, evaluation: false);

        var (coarse, same) = Both();
        Assert.InRange(nn.functional.cosine_similarity(training, coarse, dim: 1).min().item<float>(), 0.99, 1.000001);
        Assert.False(coarse.equal(training).all().item<bool>()); // it was used
        Assert.True(same.equal(evaluation).all().item<bool>());
        Assert.Equal(ScalarType.Float32, coarse.dtype);

        (Tensor Training, Tensor Evaluation) Both()
        {
            using var _ = no_grad();
            network.train();
            BatchNorms.Freeze(network);
            var first = network.forward(images);
            network.eval();
            return (first, network.forward(images));
        }
    }

    /// <summary>With statistics of real activations.</summary>
    private static EmbeddingNetwork FixedNorms()
    {
        manual_seed(5);
        var network = new EmbeddingNetwork();
        using (no_grad())
        {
            network.forward(Images());
        }

        BatchNorms.ForgetStart(network);
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
