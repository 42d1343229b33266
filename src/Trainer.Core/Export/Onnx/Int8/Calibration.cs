using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Trainer.Core.Batching;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using static TorchSharp.torch;
using static Trainer.Core.Export.Onnx.TensorProto.Types;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>Statistics of the values between two layers.</summary>
/// <param name="ChannelMeans">The mean of each channel over pictures and places.</param>
internal sealed record SeenValues(float Min, float Max, double[] ChannelMeans);

/// <summary>Runs the float network over pictures, and records the values between its layers.</summary>
internal static class Calibration
{
    /// <summary>Name of the network's input values.</summary>
    public const string Pixels = "pixels";

    /// <summary>Records the values of all layers.</summary>
    /// <param name="batches">
    /// Small batches, because all values between the layers are in memory at once, 27 MB per picture of 128x128.
    /// </param>
    /// <param name="edge">Edge of the pictures.</param>
    /// <returns>
    /// The statistics by <see cref="FloatNetwork"/>'s names, the pixels' under <see cref="Pixels"/>; and the features, [n, F], which the
    /// caller disposes.
    /// </returns>
    public static (IReadOnlyDictionary<string, SeenValues> Seen, Tensor Features) Watch(
        FoldedNetwork network, IEnumerable<Batch> batches, int edge)
    {
        string[] names = [.. network.Blocks.SelectMany(Names), FeatureNodes.Features];
        var watchers = names.Append(Pixels).ToDictionary(name => name, _ => new Watcher());
        OnnxEnvironment.Prepare();
        var features = new List<float>();
        using var session = new InferenceSession(Model(network, names, edge));
        using var options = new RunOptions();
        foreach (var batch in batches)
        {
            using var input = TensorPixels.Of(batch.Pixels, edge);
            using var outputs = session.Run(options, [Pixels], [input], names);
            watchers[Pixels].Add(input.GetTensorDataAsSpan<float>(), [batch.Images.Count, 3]);
            foreach (var (name, output) in names.Zip(outputs))
            {
                watchers[name].Add(output.GetTensorDataAsSpan<float>(), output.GetTensorTypeAndShape().Shape);
            }

            features.AddRange(outputs[^1].GetTensorDataAsSpan<float>());
        }

        var size = network.HeadWeights.Length / network.HeadBias.Length;
        return (watchers.ToDictionary(watcher => watcher.Key, watcher => watcher.Value.Seen),
            tensor(features.ToArray(), [features.Count / size, size]));
    }

    private static IEnumerable<string> Names(FoldedBlock block)
    {
        var names = block.Convolutions.Select(FloatNetwork.ResultOf);
        return block.HasShortcut ? names.Append($"{FloatNetwork.ResultOf(block.Convolutions[^1])}.sum") : names;
    }

    private static byte[] Model(FoldedNetwork network, string[] names, int edge)
    {
        var side = edge.ToString(CultureInfo.InvariantCulture);
        var graph = new OnnxGraph("calibration");
        graph.Proto.Input.Add(OnnxGraph.Value(DataType.Float, Pixels, "", "batch", "3", side, side));
        IOnnxNetwork writer = new FloatNetwork(network);
        writer.AddFeaturesTo(graph, Pixels, edge);
        graph.Proto.Output.Add(
            names.Select(name =>
            new ValueInfoProto
            {
                Name = name,
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = DataType.Float } }
            }));
        return OnnxGateModel.Model(graph).ToByteArray();
    }

    private sealed class Watcher
    {
        private float min = float.PositiveInfinity, max = float.NegativeInfinity;
        private double[] sums = [];
        private long places;

        public SeenValues Seen => new(min, max, [.. sums.Select(sum => sum / places)]);

        /// <param name="shape">[N, C, …].</param>
        public void Add(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
        {
            min = Math.Min(min, TensorPrimitives.Min(values));
            max = Math.Max(max, TensorPrimitives.Max(values));
            int count = (int)shape[0], channels = (int)shape[1];
            var perChannel = values.Length / count / channels;
            Array.Resize(ref sums, channels);
            places += (long)count * perChannel;
            for (var i = 0; i < count * channels; i++)
            {
                sums[i % channels] += TensorPrimitives.Sum(values.Slice(i * perChannel, perChannel));
            }
        }
    }
}
