using System.Runtime.InteropServices;
using TorchSharp;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using Trainer.Core.Randomness;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using static TorchSharp.torch;
using Threshold = Trainer.Core.Gates.Threshold;

namespace Trainer.Core.Tests.Export;

/// <summary>Networks and gates with random numbers in place of trained ones, also for the statistics of batch norms.</summary>
internal static class RandomGate
{
    /// <summary>A network in evaluation mode whose batch norms aren't the identity.</summary>
    public static EmbeddingNetwork Network(FeatureKind kind = FeatureKind.Pooled)
    {
        manual_seed(1);
        var network = new EmbeddingNetwork(kind);
        var random = new CounterRandom(1);
        using var _ = no_grad();
        foreach (var (_, module) in network.named_modules())
        {
            if (module is BatchNormLayer norm)
            {
                Fill(norm.Weight, ref random, 0.8, 1.4);
                Fill(norm.Bias, ref random, -0.3, 0.3);
                Fill(norm.RunningMean, ref random, -0.3, 0.3);
                Fill(norm.RunningVariance, ref random, 0.5, 2);
            }
        }

        network.eval();
        return network;
    }

    /// <summary>The same in float64, in which oneDNN isn't involved; in float32 it is wrong on some processors.</summary>
    public static EmbeddingNetwork NetworkInDoubles()
    {
        var network = Network();
        network.to(ScalarType.Float64);
        return network;
    }

    public static Centroid Centroid()
    {
        var random = new CounterRandom(2);
        var values = new float[EmbeddingNetwork.EmbeddingSize];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.Next(-1, 1);
        }

        return Core.Gates.Centroid.Of(new EmbeddingSet(values, values.Length));
    }

    /// <summary>Saves a gate like a run.</summary>
    public static string Save(string path, Centroid centroid, float threshold)
    {
        using var network = Network();
        return Save(path, network, centroid, threshold);
    }

    /// <inheritdoc cref="Save(string, Centroid, float)"/>
    public static string Save(string path, EmbeddingNetwork network, Centroid centroid, float threshold)
    {
        using var head = new ArcFaceHead(2, EmbeddingNetwork.EmbeddingSize, 0.5, 16);
        using var updater = new Updater(network, head, new TrainingOptions { Normal = "n", Coco = "c", Out = "o" }, startsRandom: true);
        new Checkpoint(0, 1, centroid, new Threshold(threshold, 0.95, 10), "{}")
            .Save(path, new Learner(network, new GateRecipe(head, new EpochSampler([], [], 2, seed: 0), Classes: null), updater).Tensors());
        return path;
    }

    /// <summary>Random pixels in the network's form, row-major, [count, 3, 128, 128].</summary>
    public static float[] Images(int count)
    {
        var random = new CounterRandom(3);
        var images = new float[count * 3 * 128 * 128];
        foreach (ref var value in images.AsSpan())
        {
            value = (float)random.Next(-1, 1);
        }

        return images;
    }

    public static Tensor ImagesTensor(int count) => tensor(Images(count), [count, 3, 128, 128]);

    private static void Fill(Tensor? target, ref CounterRandom random, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(target);
        foreach (ref var value in MemoryMarshal.Cast<byte, float>(target.bytes))
        {
            value = (float)random.Next(low, high);
        }
    }
}
