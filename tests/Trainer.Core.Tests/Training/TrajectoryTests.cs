using TorchSharp;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

/// <summary>Compares network, loss and optimizers together, step by step, with the article's own program at its own settings.</summary>
public sealed class TrajectoryTests : IDisposable
{
    private const int BatchSize = 8;
    private const double LossTolerance = 1e-5;   // relative, as in trajectory.json
    private const double ValueTolerance = 1e-8;  // float64: the reference agrees with itself to about 1e-10 after three steps

    public TrajectoryTests() => set_num_threads(1); // two would wait for each other where other tests have the second core

    public void Dispose() => set_num_threads(2); // as the other tests have it

    [Fact]
    public void LossesFollowTheReferenceInDoublePrecision()
    {
        using var scope = NewDisposeScope();
        using var run = new Run(ScalarType.Float64);
        var golden = GoldenFiles.Json("trajectory.json").GetProperty("loss").GetProperty("f64");

        for (var step = 0; step < 3; step++)
        {
            var loss = run.Backward(step);

            Assert.Equal(1, loss / golden[step].GetDouble(), LossTolerance);
            if (step == 0)
            {
                AssertFirstGradients(run);
            }

            run.Update(step);
        }

        AssertStateAfterThree(run);
        using var _ = no_grad();
        Assert.Equal(1, run.Loss(3).item<double>() / golden[3].GetDouble(), LossTolerance);
    }

    /// <summary>At this learning rate float32 is chaotic from the second step on, so that even the reference differs from itself.</summary>
    [Fact]
    public void FirstLossIsTheReferencesInSinglePrecision()
    {
        using var scope = NewDisposeScope();
        using var run = new Run(ScalarType.Float32);
        var golden = GoldenFiles.Json("trajectory.json").GetProperty("loss").GetProperty("f32_1thread_onednn");

        var loss = run.Backward(0);

        Assert.Equal(1, loss / golden[0].GetDouble(), LossTolerance);
        AssertClose(run.Golden.Tensor("grad_W_step0"), run.Head.ClassWeights.grad, 1e-4);
    }

    [Fact]
    public void PicturesAreTheReferences()
    {
        var sums = GoldenFiles.Json("trajectory.json").GetProperty("sum_of_all_pixels_per_step");

        for (var step = 0; step < 10; step++)
        {
            Assert.Equal(sums[step].GetInt64(), Pictures.Batch(step, BatchSize).Sum(value => (long)value));
        }
    }

    private static void AssertFirstGradients(Run run)
    {
        AssertClose(run.Golden.Tensor("f64.grad_W_step0"), run.Head.ClassWeights.grad, ValueTolerance);
        foreach (var golden in GoldenFiles.Json("trajectory.json").GetProperty("grad_l2_norm_step0_f64").EnumerateObject())
        {
            var gradient = run.Network.get_parameter(WeightNames.Canonical(golden.Name))?.grad;
            Assert.NotNull(gradient);
            AssertNear(golden.Value.GetDouble(), gradient.norm().item<double>(), golden.Name);
        }
    }

    private static void AssertStateAfterThree(Run run)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var json = GoldenFiles.Json("trajectory.json");
        var state = run.Network.state_dict();
        foreach (var golden in json.GetProperty("param_l2_norm_after3_f64").EnumerateObject())
        {
            var tensor = state[WeightNames.Canonical(golden.Name)].to(ScalarType.Float64);
            AssertNear(golden.Value.GetDouble(), tensor.norm().item<double>(), golden.Name);
        }

        const string Prefix = "f64.after3.";
        foreach (var name in run.Golden.Tensors.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            const string TwoRows = "_rows0to1";
            var ours = name[Prefix.Length..].Replace(TwoRows, "", StringComparison.Ordinal);
            var tensor = state[WeightNames.Canonical(ours)];
            AssertClose(run.Golden.Tensor(name), name.EndsWith(TwoRows, StringComparison.Ordinal) ? tensor[..2] : tensor, ValueTolerance);
        }

        Assert.Equal(json.GetProperty("num_batches_tracked_after3").GetInt64(), state["features.0.1.num_batches_tracked"].item<long>());
        AssertClose(run.Golden.Tensor("f64.W_after3"), run.Head.ClassWeights, ValueTolerance);
        run.Network.eval();
        AssertClose(run.Golden.Tensor("f64.eval_output_batch0_after3"), run.Network.forward(run.Images(0)), 1e-6);
        run.Network.train();
    }

    private static void AssertNear(double expected, double actual, string name) =>
        Assert.True(Math.Abs(actual - expected) <= 1e-8 + (1e-7 * Math.Abs(expected)), $"{name}: {actual}, expected {expected}");

    private static void AssertClose(Tensor expected, Tensor? actual, double tolerance)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(0, (expected - actual).abs().max().to(ScalarType.Float64).item<double>(), tolerance);
    }

    /// <summary>The recipe in trajectory.json: batch norm training, one optimizer for the network and another for the class
    /// weights.</summary>
    private sealed class Run : IDisposable
    {
        private readonly ScalarType type;
        private readonly FlatParameters[] parameters;
        private readonly SgdOptimizer networkOptimizer;
        private readonly SgdOptimizer headOptimizer;

        public Run(ScalarType type)
        {
            this.type = type;
            var weights = SafetensorsFile.Read(SharedFiles.Golden("mobilenet.safetensors"));
            Golden = GoldenFiles.Tensors("trajectory.safetensors");
            Network = new EmbeddingNetwork();
            Network.to(type);
            _ = StateDict.Load(Network, weights);
            Head = new ArcFaceHead(2, EmbeddingNetwork.EmbeddingSize, 28.6 * Math.PI / 180, 64);
            Head.to(type);
            using (no_grad())
            {
                Head.ClassWeights.copy_(Golden.Tensor("W_init"));
            }

            parameters = [new FlatParameters(Network.parameters()), new FlatParameters(Head.parameters())];
            networkOptimizer = new SgdOptimizer(parameters[0], momentum: 0.9, weightDecay: 1e-4);
            headOptimizer = new SgdOptimizer(parameters[1], momentum: 0, weightDecay: 0);
        }

        public EmbeddingNetwork Network { get; }

        public ArcFaceHead Head { get; }

        public WeightFile Golden { get; }

        public double Backward(int step)
        {
            using var scope = NewDisposeScope();
            var loss = Loss(step);
            loss.backward();
            return loss.to(ScalarType.Float64).item<double>();
        }

        public Tensor Loss(int step)
        {
            Network.train();
            return Head.Loss(Network.forward(Images(step)), arange(BatchSize, dtype: ScalarType.Int64) % 2);
        }

        public void Update(int step)
        {
            networkOptimizer.Step(step, rate: 0.001);
            headOptimizer.Step(step, rate: 0.01);
        }

        /// <summary>Normalised in float32 even if the run is in float64, as in the reference.</summary>
        public Tensor Images(int step)
        {
            var bytes = tensor(Pictures.Batch(step, BatchSize), [BatchSize, 3, 128, 128], dtype: ScalarType.Float32);
            return (((bytes / 255) - 0.5) / 0.5).to(type);
        }

        public void Dispose()
        {
            networkOptimizer.Dispose();
            headOptimizer.Dispose();
            Array.ForEach(parameters, p => p.Dispose());
            Network.Dispose();
            Head.Dispose();
        }
    }

    /// <summary>Pictures from a formula: 16x16 blocks of a linear congruential generator, class 1 bright, class 0 dark.</summary>
    private static class Pictures
    {
        /// <summary>[N, 3, 128, 128], plane by plane.</summary>
        public static byte[] Batch(int step, int size)
        {
            var pixels = new byte[size * 3 * 128 * 128];
            for (var i = 0; i < size; i++)
            {
                Fill(pixels.AsSpan(i * 3 * 128 * 128, 3 * 128 * 128), seed: (step * size) + i, label: i % 2);
            }

            return pixels;
        }

        private static void Fill(Span<byte> pixels, int seed, int label)
        {
            var state = unchecked(((uint)seed * 2654435761u) + 12345u);
            for (var cell = 0; cell < 3 * 16 * 16; cell++)
            {
                state = unchecked((state * 1664525u) + 1013904223u);
                var value = (byte)((label * 128) + (state >> 24) / 2);
                var (channel, row, column) = (cell / 256, cell / 16 % 16, cell % 16);
                for (var y = 0; y < 8; y++)
                {
                    pixels.Slice((channel * 128 * 128) + (((row * 8) + y) * 128) + (column * 8), 8).Fill(value);
                }
            }
        }
    }
}
