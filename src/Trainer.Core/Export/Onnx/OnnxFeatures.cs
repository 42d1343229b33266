using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Trainer.Core.Batching;
using static TorchSharp.torch;
using static Trainer.Core.Export.Onnx.TensorProto.Types;

namespace Trainer.Core.Export.Onnx;

/// <summary>Runs a network in its exported form by ONNX Runtime up to its features, from which a head is computed.</summary>
internal sealed class OnnxFeatures : IDisposable
{
    private const string Pixels = "pixels";

    private readonly InferenceSession session;
    private readonly RunOptions options = new();

    /// <summary>Loads the network.</summary>
    /// <param name="edge">Edge of the network's input.</param>
    /// <param name="threads">Threads for one operation; at least 1.</param>
    public OnnxFeatures(IOnnxNetwork network, int edge, int threads)
    {
        var side = edge.ToString(CultureInfo.InvariantCulture);
        var graph = new OnnxGraph("features");
        graph.Proto.Input.Add(OnnxGraph.Value(DataType.Float, Pixels, "", "batch", "3", side, side));
        graph.Proto.Output.Add(OnnxGraph.Value(DataType.Float, network.AddFeaturesTo(graph, Pixels, edge), "", "batch", "features"));
        using var sessionOptions = new SessionOptions { IntraOpNumThreads = threads };
        sessionOptions.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // leaves the cores to other threads
        session = new InferenceSession(Google.Protobuf.MessageExtensions.ToByteArray(OnnxGateModel.Model(graph)), sessionOptions);
    }

    /// <summary>The features of a batch's pictures.</summary>
    /// <returns>float32 [N, F], which the caller disposes.</returns>
    public Tensor Describe(Batch batch)
    {
        using var input = TensorPixels.Of(batch.Pixels, batch.Edge);
        using var outputs = session.Run(options, [Pixels], [input], session.OutputNames);
        return tensor(outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[0].GetTensorTypeAndShape().Shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        options.Dispose();
        session.Dispose();
    }
}
