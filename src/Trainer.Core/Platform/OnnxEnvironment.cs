using Microsoft.ML.OnnxRuntime;

namespace Trainer.Core.Platform;

/// <summary>
/// The one place that starts ONNX Runtime: without its telemetry, and with one memory arena of limited size for all sessions.
/// </summary>
public static class OnnxEnvironment
{
    private static readonly Lazy<OrtEnv> Started = new(() =>
    {
        NativeEnvironment.Prepare(); // switches telemetry off on systems other than Windows
        var environment = OrtEnv.Instance();
        environment.DisableTelemetryEvents();
        const uint MostBytes = 2u << 30;
        const int Usual = -1;
        using var kind = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var arena = new OrtArenaCfg(MostBytes, Usual, Usual, Usual);
        environment.CreateAndRegisterAllocator(kind, arena); // a hostile model can't take all of the machine's memory
        return environment;
    });

    /// <summary>The library's version.</summary>
    public static string Version => Started.Value.GetVersionString();

    /// <summary>Must be called before anything else uses ONNX Runtime. Later calls do nothing.</summary>
    public static void Prepare() => _ = Started.Value;
}
