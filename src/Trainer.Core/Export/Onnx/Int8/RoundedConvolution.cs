namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>An int8 convolution, the same in every format.</summary>
/// <param name="Bias">Bias as a whole number of steps, [outputs].</param>
/// <param name="BiasSteps">Size of a step: the input's scale times the scale of the output's weights, [outputs].</param>
internal sealed record RoundedConvolution(QuantizedWeights Weights, int[] Bias, float[] BiasSteps);
