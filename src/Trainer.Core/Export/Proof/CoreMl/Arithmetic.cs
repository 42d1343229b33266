using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>What both formats compute alike.</summary>
internal static class Arithmetic
{
    /// <summary>Cuts to a range. By tensors: a passing Scalar may be freed while libtorch reads it (docs/decisions/0006).</summary>
    public static Tensor Clip(Tensor values, float low, float high)
    {
        using var lowest = tensor(low);
        using var highest = tensor(high);
        return values.clamp(lowest, highest);
    }

    /// <summary>The nearest numbers that float16 holds; what is too large becomes infinite, as on the device.</summary>
    public static Tensor ToHalfAndBack(Tensor values) => values.to(ScalarType.Float16).to(ScalarType.Float32);
}
