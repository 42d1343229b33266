namespace Trainer.Core.Export.Onnx;

/// <summary>The network as nodes of a graph: in floats, or in bytes.</summary>
internal interface IOnnxNetwork
{
    /// <summary>What its weights are kept in.</summary>
    Precision Precision { get; }

    /// <summary>Adds the nodes up to what is read off the maps.</summary>
    /// <param name="pixels">Name of the network's input, float32 [N, 3, E, E], −1 to 1.</param>
    /// <param name="edge">E.</param>
    /// <returns>Name of the features, float32 [N, F].</returns>
    internal string AddFeaturesTo(OnnxGraph graph, string pixels, int edge);

    /// <summary>Adds the layer behind them.</summary>
    /// <returns>Name of the embeddings of any length, float32 [N, 512].</returns>
    internal string AddHeadTo(OnnxGraph graph, string features);
}
