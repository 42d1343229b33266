using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Trainer.Core;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Weights;
using Trainer.Terminal;

namespace Trainer.Commands.Steps;

/// <summary>The content of a bug report: this program, the machine, and the libraries that results depend on.</summary>
/// <param name="OperatingSystem">Name that the operating system gives itself.</param>
/// <param name="VectorBits">Vector width of our own kernels in bits; 0 if libtorch computes instead.</param>
/// <param name="MemoryBytes">Memory that this process may use.</param>
/// <param name="Variables">Environment variables that the user set and that change the behaviour of something here.</param>
internal sealed partial record Diagnosis(
    string Trainer,
    string DotNet,
    string OperatingSystem,
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
    IReadOnlyDictionary<string, string> Variables)
{
    private static readonly string[] Prefixes =
        ["TRAINER_", "DNNL_", "ONEDNN_", "OMP_", "GOMP_", "MKL_", "ATEN_", "TORCH_", "ORT_", "VIPS_", "CUDA_", "LD_", "DOTNET_Enable",
        "DOTNET_GC", "DOTNET_Tiered"];

    /// <summary>Examines everything. Loads the libraries, and downloads nothing.</summary>
    public static Diagnosis Of(string device, int threads) => new(
        RunRecord.TrainerVersion,
        Environment.Version.ToString(),
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Core.Platform.Processor.Name,
        Environment.ProcessorCount,
        Core.Platform.Processor.VectorBits,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        threads,
        LibtorchDiagnosis.Of(device, threads),
        VersionOf(() => OnnxEnvironment.Version),
        new Dictionary<string, string>
        {
            ["libvips"] = VersionOf(LibvipsVersion),
            ["ImageSharp"] = VersionOf(
            () => typeof(SixLabors.ImageSharp.Image)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0])
        },
        HandleLimit.Limit() is { } limit ? (long)Math.Min(limit, long.MaxValue) : null,
        CacheDiagnosis.Of(Path.TrimEndingDirectorySeparator(UserCache.FolderOf(""))),
        StartWeightsDiagnosis.Find(),
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => (Name: (string)variable.Key, Value: WithoutPassword(variable.Value as string ?? "")))
            .Where(variable => Prefixes.Any(prefix => variable.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .OrderBy(variable => variable.Name, StringComparer.Ordinal)
            .ToDictionary());

    /// <summary>Removes user name and password from addresses such as https://user:password@host, because others read the report.</summary>
    internal static string WithoutPassword(string text) => Password().Replace(text, "//…@");

    private static string LibvipsVersion()
    {
        RuntimeHelpers.RunClassConstructor(typeof(ImageDecoder).TypeHandle); // this initialises libvips
        return string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
    }

    /// <summary>A library's version, or "doesn't load", which is a finding like others.</summary>
    private static string VersionOf(Func<string> version)
    {
        try
        {
            return version();
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException)
        {
            return "doesn't load";
        }
    }

    [GeneratedRegex(@"//[^/@\s]*@")]
    private static partial Regex Password();
}

/// <summary>libtorch, and whether it computes correctly here.</summary>
/// <param name="Version">libtorch's version; null if it didn't load.</param>
/// <param name="Error">Why libtorch can't be used; null if it can.</param>
/// <param name="Check">Result of the check; null if libtorch didn't load.</param>
internal sealed record LibtorchDiagnosis(string? Version, string TorchSharp, string? Device, string? Error, TorchCheck? Check)
{
    public static LibtorchDiagnosis Of(string device, int threads)
    {
        try
        {
            var (used, check, _) = TorchRuntime.Examine(device, threads);
            return new(TorchRuntime.LibtorchVersion, RunRecord.TorchSharpVersion, used.type.ToString().ToLowerInvariant(),
                check.IsRight ? null : check.Complaint(), check);
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
        ? new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Sum(file => file.Length)
        : 0);
}

/// <summary>The file of <c>--weights auto</c>.</summary>
/// <param name="From">The address to download it from if it doesn't exist yet, or why there is none.</param>
internal sealed record StartWeightsDiagnosis(string? FilePath, bool IsThere, string From)
{
    public static StartWeightsDiagnosis Find()
    {
        try
        {
            var weights = PublicWeights.Default();
            return new(weights.Path, File.Exists(weights.Path), Diagnosis.WithoutPassword(weights.Address.ToString()));
        }
        catch (TrainerException e)
        {
            return new(null, false, Diagnosis.WithoutPassword(e.Message));
        }
    }
}
