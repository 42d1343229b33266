using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>Arithmetic that both Core ML formats share.</summary>
internal static class Arithmetic
{
    /// <summary>
    /// Clamps values to a range. The bounds are tensors, because a temporary Scalar may be freed while libtorch reads it
    /// (docs/decisions/0006).
    /// </summary>
    public static Tensor Clip(Tensor values, float low, float high)
    {
        using var lowest = tensor(low);
        using var highest = tensor(high);
        return values.clamp(lowest, highest);
    }

    /// <summary>Rounds to the nearest float16 values; values that are too large become infinite, as on the device.</summary>
    public static Tensor ToHalfAndBack(Tensor values) => values.to(ScalarType.Float16).to(ScalarType.Float32);
}
