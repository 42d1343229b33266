using Trainer.Core.Export.LiteRt.Schema;

namespace Trainer.Core.Export.LiteRt;

/// <summary>A value of a graph, or a constant.</summary>
/// <param name="Index">Its place among the graph's tensors.</param>
/// <param name="Scale">How its bytes are real numbers; null where it isn't quantised.</param>
/// <param name="Data">Little-endian, row-major; empty for what is computed.</param>
internal sealed record LiteRtTensor(int Index, string Name, ElementType Type, int[] Shape, ByteScale? Scale, byte[] Data);

/// <summary>How bytes are real numbers: value = scale · (byte − zero).</summary>
/// <param name="Scales">One, or one for each place along an axis.</param>
/// <param name="Zero">The same for all.</param>
/// <param name="Axis">Of the tensor, where there are several scales.</param>
internal sealed record ByteScale(float[] Scales, int Zero, int Axis = 0);
