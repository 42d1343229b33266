using System.Reflection;
using Trainer.Core.Platform;
using Trainer.Core.Runs.Options;

namespace Trainer.Core.Runs;

/// <summary>options.json: what decided a run, and which machine it ran on.</summary>
/// <param name="Trainer">Version of this program.</param>
/// <param name="TorchSharp">Version of TorchSharp.</param>
/// <param name="Libtorch">Version of libtorch that this build uses.</param>
/// <param name="Device">The device that was used.</param>
/// <param name="StartWeights">The weights that training started from: a file's path, or "none" for random ones.</param>
/// <param name="DataFingerprint">Fingerprint of all pictures.</param>
/// <param name="Machine">The machine that it ran on; null in files of older versions.</param>
public sealed record RunRecord(
    SavedOptions Options,
    string Trainer,
    string TorchSharp,
    string Libtorch,
    string Device,
    int Threads,
    string StartWeights,
    string DataFingerprint,
    PartCounts Normals,
    PartCounts Negatives,
    Machine? Machine = null)
{
    /// <summary>The newest format of options.json; the first format had no number.</summary>
    internal const int Format = 2;

    /// <summary>Value of <see cref="StartWeights"/> for random weights.</summary>
    public const string RandomWeights = "none";

    /// <summary>Value of <see cref="StartWeights"/> for the weights that come with the program.</summary>
    public const string BuiltInWeights = "builtin";

    /// <summary>This program's version.</summary>
    public static string TrainerVersion { get; } = VersionOf(typeof(RunRecord).Assembly);

    /// <summary>TorchSharp's version.</summary>
    public static string TorchSharpVersion { get; } = VersionOf(typeof(TorchSharp.torch).Assembly);

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString() ?? "unknown";
}
