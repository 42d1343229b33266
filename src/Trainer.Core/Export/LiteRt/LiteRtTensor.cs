using Trainer.Core.Export.LiteRt.Schema;

namespace Trainer.Core.Export.LiteRt;

/// <summary>A computed value or a constant of a graph.</summary>
/// <param name="Index">Index among the graph's tensors.</param>
/// <param name="Scale">How its bytes stand for real numbers; null if it isn't quantised.</param>
/// <param name="Data">Little-endian, row-major; empty for a computed value.</param>
internal sealed record LiteRtTensor(int Index, string Name, ElementType Type, int[] Shape, ByteScale? Scale, byte[] Data);

/// <summary>How bytes stand for real numbers: value = scale · (byte − zero).</summary>
/// <param name="Scales">One scale, or one for each index along an axis.</param>
/// <param name="Zero">The zero point, the same for all.</param>
/// <param name="Axis">The tensor's axis, if there are several scales.</param>
internal sealed record ByteScale(float[] Scales, int Zero, int Axis = 0);
