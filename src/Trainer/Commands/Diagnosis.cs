using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trainer.Core;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Training;
using Trainer.Core.Weights;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>What a bug report should hold: this program, the machine, and the libraries that results depend on.</summary>
/// <param name="System">The operating system's name for itself.</param>
/// <param name="VectorBits">Bits of the vectors that our own kernels use; 0 where libtorch computes instead.</param>
/// <param name="MemoryBytes">That this process may use.</param>
/// <param name="Environment">Variables that the user set and that change how something here behaves.</param>
internal sealed record Diagnosis(
    string Trainer,
    string DotNet,
    string System,
    string Architecture,
    string Processor,
    int Cores,
    int VectorBits,
    long MemoryBytes,
    int Threads,
    LibtorchDiagnosis Libtorch,
    string OnnxRuntime,
    IReadOnlyDictionary<string, string> Decoders,
    long? FileHandles,
    CacheDiagnosis Cache,
    StartWeightsDiagnosis StartWeights,
    IReadOnlyDictionary<string, string> Environment)
{
    private static readonly string[] Prefixes = ["TRAINER_", "DNNL_", "ONEDNN_", "OMP_", "GOMP_", "MKL_", "ATEN_", "TORCH_", "ORT_", "VIPS_", "CUDA_", "LD_", "DOTNET_Enable", "DOTNET_GC", "DOTNET_Tiered"];

    /// <summary>Looks at everything; loads the libraries, and fetches nothing.</summary>
    public static Diagnosis Of(string device, int threads) => new(
        RunRecord.TrainerVersion,
        global::System.Environment.Version.ToString(),
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Core.Platform.Processor.Name,
        global::System.Environment.ProcessorCount,
        Core.Platform.Processor.VectorBits,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        threads,
        LibtorchDiagnosis.Of(device, threads),
        OnnxEnvironment.Version,
        VersionsOfDecoders(),
        HandleLimit.Limit() is { } limit ? (long)Math.Min(limit, long.MaxValue) : null,
        CacheDiagnosis.Of(Path.TrimEndingDirectorySeparator(UserCache.FolderOf(""))),
        StartWeightsDiagnosis.Find(),
        global::System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => (Name: (string)variable.Key, Value: variable.Value as string ?? ""))
            .Where(variable => Prefixes.Any(prefix => variable.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .OrderBy(variable => variable.Name, StringComparer.Ordinal)
            .ToDictionary());

    private static Dictionary<string, string> VersionsOfDecoders()
    {
        RuntimeHelpers.RunClassConstructor(typeof(ImageDecoder).TypeHandle); // which sets libvips up
        return new() { ["libvips"] = string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part))) };
    }
}

/// <summary>libtorch, and whether it computes right here.</summary>
/// <param name="Error">Why it can't be used; null when it can.</param>
/// <param name="Check">Null when it didn't load.</param>
internal sealed record LibtorchDiagnosis(string Version, string TorchSharp, string? Device, string? Error, TorchCheck? Check)
{
    public static LibtorchDiagnosis Of(string device, int threads)
    {
        try
        {
            var (used, check, _) = TorchRuntime.Examine(device, threads);
            return new(TorchRuntime.LibtorchVersion, RunRecord.TorchSharpVersion, used.type.ToString().ToLowerInvariant(), check.IsRight ? null : check.Complaint(), check);
        }
        catch (TrainerException e)
        {
            return new(TorchRuntime.LibtorchVersion, RunRecord.TorchSharpVersion, null, e.Message, null);
        }
    }
}

/// <summary>The folder that keeps files between runs.</summary>
internal sealed record CacheDiagnosis(string Folder, long Bytes)
{
    public static CacheDiagnosis Of(string folder) => new(folder, Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).Sum(file => file.Length)
        : 0);
}

/// <summary>Where <c>--weights auto</c> finds its file.</summary>
/// <param name="From">The address that it is fetched from while it isn't there, or why there is none.</param>
internal sealed record StartWeightsDiagnosis(string? File, bool IsThere, string From)
{
    public static StartWeightsDiagnosis Find()
    {
        try
        {
            var weights = PublicWeights.Default();
            return new(weights.Path, global::System.IO.File.Exists(weights.Path), weights.Address.ToString());
        }
        catch (TrainerException e)
        {
            return new(null, false, e.Message);
        }
    }
}
