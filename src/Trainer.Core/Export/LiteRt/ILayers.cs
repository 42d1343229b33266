using Trainer.Core.Networks;

namespace Trainer.Core.Export.LiteRt;

/// <summary>The layers of a network as operations on floats or on bytes.</summary>
internal interface ILayers
{
    /// <summary>The precision in which the weights are stored.</summary>
    Precision Precision { get; }

    /// <summary>Converts bytes of pixels to the input of the first convolution.</summary>
    LiteRtTensor Pixels(LiteRtGraph graph, LiteRtTensor image);

    /// <summary>Adds a convolution with its padding and its ReLU6.</summary>
    LiteRtTensor Convolution(LiteRtGraph graph, FoldedConvolution convolution, LiteRtTensor input);

    /// <summary>Adds the sum at the end of a block with a shortcut.</summary>
    /// <param name="output">Output of the block's last convolution.</param>
    LiteRtTensor Sum(LiteRtGraph graph, LiteRtTensor input, LiteRtTensor output);

    /// <summary>Converts a map to the floats that features are computed from.</summary>
    /// <returns>float32 [1, H, W, C].</returns>
    LiteRtTensor Floats(LiteRtGraph graph, LiteRtTensor map);

    /// <summary>The weights of the linear layer after the features.</summary>
    /// <returns>float32 [512, F].</returns>
    LiteRtTensor HeadWeights(LiteRtGraph graph);

    /// <summary>The bias of that layer.</summary>
    float[] HeadBias { get; }
}
