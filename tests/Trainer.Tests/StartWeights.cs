using System.Runtime.InteropServices;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using static TorchSharp.torch;

namespace Trainer.Tests;

/// <summary>
/// A file of random start weights whose batch norms already have the statistics of the pictures, because the norms stay fixed.
/// </summary>
internal static class StartWeights
{
    private const float Momentum = 0.1f;

    public static void Write(string path, string pictures)
    {
        var device = TorchRuntime.Prepare("cpu", threads: 2, _ => { });
        manual_seed(1);
        using var network = new EmbeddingNetwork();
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            var batch = new BatchLoader(Preprocessing.Default, batchSize: 16, workers: 2, new SkippedFiles())
                .Load(ImageFolder.Scan(pictures).Images).First();
            network.train();
            _ = network.forward(batch.ImagesOn(device));
        }

        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network).Select(OfTheBatchAlone)));
    }

    /// <summary>Removes the initial value, 0 or 1, from the statistics.</summary>
    private static WeightTensor OfTheBatchAlone(WeightTensor tensor) => tensor.Name.Split('.')[^1] switch
    {
        "running_mean" => With(tensor, value => value / Momentum),
        "running_var" => With(tensor, value => Math.Max((value - (1 - Momentum)) / Momentum, 0)),
        _ => tensor,
    };

    private static WeightTensor With(WeightTensor tensor, Func<float, float> change) =>
        new(tensor.Name, tensor.Type, tensor.Shape, MemoryMarshal.AsBytes<float>([.. tensor.ToSingles().Select(change)]).ToArray());
}
