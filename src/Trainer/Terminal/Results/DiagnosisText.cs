using System.Globalization;
using Trainer.Commands;
using Trainer.Commands.Steps;
using Trainer.Core.Platform;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>Prints the findings of <see cref="DoctorCommand"/>, for people and for a bug report.</summary>
internal static class DiagnosisText
{
    private const int NameWidth = 15;

    public static void Print(Diagnosis found)
    {
        Line("trainer", $"{found.Trainer} on .NET {found.DotNet}");
        Line("system", $"{found.OperatingSystem}, {found.Architecture}");
        Line("processor", $"{found.Processor}; {Counted.Of(found.Cores, "core")}, {Number(found.MemoryBytes / 1e9, "0.0")} GB of memory");
        Line("kernels", found.VectorBits > 0 ? $"our own, with vectors of {found.VectorBits} "
            + "bits" : "libtorch's, because this processor has no vectors of 256 bits");
        Line("threads", $"{found.Threads}");
        Line("libtorch", $"{found.Libtorch.Version ?? "doesn't load"}, by TorchSharp {found.Libtorch.TorchSharp}");
        if (found.Libtorch.Check is { } check)
        {
            Print(check, found.Libtorch.Device!); // not null where there is a check
        }

        Line("ONNX Runtime", $"{found.OnnxRuntime}; its telemetry is off");
        Line("decoders", string.Join(", ", found.Decoders.Select(decoder => $"{decoder.Key} {decoder.Value}")));
        Line("file handles", found.FileHandles is { } limit ? $"{limit}; trainer needs {HandleLimit.Needed}" : "no limit");
        Line("cache", $"{found.Cache.Folder}, {Number(found.Cache.Bytes / 1e6, "0.0")} MB");
        var weights = found.StartWeights;
        Line("start weights", weights.IsThere ? $"{weights.FilePath}"
            : weights.FilePath is null ? $"--weights auto can't fetch them: {weights.From}"
            : $"not there yet; --weights auto fetches them from {weights.From}");
        foreach (var (name, value) in found.Variables)
        {
            Line("environment", $"{name}={value}");
        }
    }

    private static void Print(TorchCheck check, string device)
    {
        var right = check.Convolutions.Count(convolution => convolution.IsRight);
        Line("device", $"{device}, oneDNN {(check.OneDnn == NativeEnvironment.SafeInstructions ? $"up to {check.OneDnn}" : check.OneDnn)}");
        Line("check", $"{right} of {Counted.Of(check.Convolutions.Count, "convolution")} right, in {Number(check.Milliseconds, "0")} ms; "
            + "differences from plain loops, and between gradients:");
        foreach (var convolution in check.Convolutions)
        {
            Line(
                "",
                $"{Number(convolution.Deviation, "0.0e+0"),-8} {Number(convolution.GradientDeviation, "0.0e+0"),-8} "
                + $"{convolution.Shape}{(convolution.IsRight ? "" : "  WRONG")}");
        }

        if (check.Avoided is { } avoided)
        {
            Line("avoided", avoided);
        }
    }

    private static void Line(string name, string text) => Screen.Line($"[bold]{name.PadRight(NameWidth)}[/]{Screen.Escape(text)}");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
