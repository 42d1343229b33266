namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>A convolution in bytes, as every format writes it.</summary>
/// <param name="Bias">In whole steps, [outputs].</param>
/// <param name="BiasSteps">What a step is: the input's scale times that of the output's weights, [outputs].</param>
internal sealed record RoundedConvolution(QuantizedWeights Weights, int[] Bias, float[] BiasSteps);
