using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using Trainer.Core.Tests.Ranks;
using Trainer.Core.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

/// <summary>Gradients and batch norms of a step's chunks, where the norms learn.</summary>
public sealed class StepSumsTests : IDisposable
{
    public StepSumsTests() => set_num_threads(1); // of each rank

    public void Dispose() => set_num_threads(2); // as the other tests have it

    private const int Chunks = 4;
    private const int PicturesInChunk = 3;

    [Fact]
    public void NormsThatLearnComeToTheSameBitsOnAnyNumberOfRanks()
    {
        var alone = Learn(ranks: 1);

        Assert.Equal(alone, Learn(ranks: 2));
    }

    /// <summary>As if all chunks' pictures had been shown with the same running statistics, and their mean taken.</summary>
    [Fact]
    public void GradientsAreTheMeanOverAllPictures()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var gradients = Gradients(network);
        using var sums = new StepSums(gradients, network, Chunks, new Core.Ranks.SingleRank());
        int[] counts = [3, 1, 0, 2];
        var expected = gradients.Select(gradient => zeros_like(gradient, ScalarType.Float64)).ToArray();
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            if (counts[chunk] > 0)
            {
                _ = Backward(network, chunk, counts[chunk]);
                expected = [.. expected.Zip(gradients, (sum, gradient) => sum + (gradient.to(ScalarType.Float64) * counts[chunk] / 6))];
            }

            sums.Add(chunk, counts[chunk] / (float)PicturesInChunk);
        }

        var done = sums.Finish(stops: true);

        Assert.Equal((0 * 3 + 1 * 1 + 3 * 2) / 6f, done.Loss, 1e-6f);
        Assert.Equal((2f, true), (done.Chunks, done.Stops));
        Assert.All(expected.Zip(gradients), pair =>
            Assert.InRange((pair.First - pair.Second).abs().max().item<double>(), 0, 1e-6 * pair.First.abs().max().item<double>()));
    }

    private static byte[][] Learn(int ranks)
    {
        // one after the other: they are drawn by the process's one generator
        var networks = Enumerable.Range(0, ranks).Select(_ => Network()).ToArray();
        var learned = MemoryRanks.Run(ranks, together =>
        {
            var network = networks[together.Rank];
            var gradients = Gradients(network);
            using var sums = new StepSums(gradients, network, Chunks, together);
            for (var step = 0; step < 2; step++)
            {
                Array.ForEach(gradients, gradient => gradient.zero_()); // as an update leaves them
                for (var chunk = together.Rank * Chunks / ranks; chunk < (together.Rank + 1) * Chunks / ranks; chunk++)
                {
                    var count = chunk == 1 ? 1 : PicturesInChunk; // as if two couldn't be read
                    sums.Add(Backward(network, (step * Chunks) + chunk, count), count / (float)PicturesInChunk);
                }

                _ = sums.Finish(stops: false);
                sums.Begin();
            }

            return gradients.Concat(
                BatchNorms.Learning(network).SelectMany(norm => new[] { norm.RunningMean, norm.RunningVariance, norm.BatchesSeen }))
                .Select(tensor => tensor.bytes.ToArray()).ToArray();
        });
        Array.ForEach(networks, network => network.Dispose());
        Assert.All(learned, other => Assert.Equal(learned[0], other));
        return learned[0];
    }

    private static EmbeddingNetwork Network()
    {
        manual_seed(1);
        var network = new EmbeddingNetwork();
        network.train();
        foreach (var parameter in network.parameters())
        {
            parameter.grad = zeros_like(parameter);
        }

        return network;
    }

    // set above
    private static Tensor[] Gradients(EmbeddingNetwork network) => [.. network.parameters().Select(parameter => parameter.grad!)];

    private static float Backward(EmbeddingNetwork network, int chunk, int count)
    {
        using var scope = NewDisposeScope();
        using var pass = new TrainingPass(network);
        var images = tensor(
            Enumerable.Range(0, count * 3 * 32 * 32).Select(i => MathF.Sin((chunk * 1000) + (i * 0.37f))).ToArray(), [count, 3, 32, 32]);
        var loss = pass.Forward(images).square().mean();
        pass.Backward(loss);
        return loss.item<float>();
    }
}
