using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Trainer.Core.Platform;

/// <summary>The processor that this program runs on.</summary>
public static class Processor
{
    /// <summary>
    /// On x86 the processor's name with its family and model: "AMD EPYC, family 25, model 17". Elsewhere the architecture.
    /// </summary>
    public static string Name { get; } = X86Base.IsSupported ? NameOnX86() : $"{RuntimeInformation.ProcessArchitecture}";

    /// <summary>Width in bits of the vectors that trainer's own kernels use; 0 where libtorch computes instead.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 0;

    /// <summary>
    /// Reads CPUID functions 1 and 8000_0002 to 8000_0004: AMD64 Architecture Programmer's Manual, volume 3, appendix E. Intel's are the
    /// same.
    /// </summary>
    private static string NameOnX86()
    {
        const int Signature = 1, FirstOfName = unchecked((int)0x80000002), PartsOfName = 3;
        var name = new int[4 * PartsOfName];
        for (var i = 0; i < PartsOfName; i++)
        {
            (name[4 * i], name[(4 * i) + 1], name[(4 * i) + 2], name[(4 * i) + 3]) = X86Base.CpuId(FirstOfName + i, 0);
        }

        var signature = X86Base.CpuId(Signature, 0).Eax;
        var (family, model) = ((signature >> 8) & 0xF, (signature >> 4) & 0xF);
        model += family is 6 or 15 ? (signature >> 12) & 0xF0 : 0;
        family += family == 15 ? (signature >> 20) & 0xFF : 0;
        return $"{Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>(name)).Trim('\0', ' ')}, family {family}, model {model}";
    }
}
