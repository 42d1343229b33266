using Trainer.Core.Networks;

namespace Trainer.Core.Export.LiteRt;

/// <summary>The layers of a network as operations: in floats, or in bytes.</summary>
internal interface ILayers
{
    /// <summary>What the weights are kept in.</summary>
    Precision Precision { get; }

    /// <summary>Bytes of pixels to what the first convolution takes.</summary>
    LiteRtTensor Pixels(LiteRtGraph graph, LiteRtTensor image);

    /// <summary>A convolution with its padding and its ReLU6.</summary>
    LiteRtTensor Convolution(LiteRtGraph graph, FoldedConvolution convolution, LiteRtTensor input);

    /// <summary>What a block with a shortcut makes.</summary>
    /// <param name="output">What its last convolution makes.</param>
    LiteRtTensor Sum(LiteRtGraph graph, LiteRtTensor input, LiteRtTensor output);

    /// <summary>A map as features are read off it.</summary>
    /// <returns>float32 [1, H, W, C].</returns>
    LiteRtTensor Floats(LiteRtGraph graph, LiteRtTensor map);

    /// <summary>The weights of the linear layer behind the features.</summary>
    /// <returns>float32 [512, F].</returns>
    LiteRtTensor HeadWeights(LiteRtGraph graph);

    /// <summary>That layer's bias.</summary>
    float[] HeadBias { get; }
}
