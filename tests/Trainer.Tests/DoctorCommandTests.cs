using System.Text.Json;
using Trainer.Core.Platform;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class DoctorCommandTests(TrainedRun run)
{
    [Fact]
    public void SaysWhatABugReportShouldHold()
    {
        var outcome = run.Run("doctor", "--threads", "2", "--device", "cpu");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        string[] names = [
            "trainer", "system", "processor", "kernels", "threads", "libtorch", "device", "check", "ONNX Runtime", "decoders",
            "file handles", "cache", "start weights"];
        Assert.Equal(names, names.Where(name => outcome.Lines.Any(line => line.StartsWith($"{name} ", StringComparison.Ordinal))));
        Assert.Contains($"processor      {Processor.Name}; ", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"\ncheck          8 of 8 convolutions right, in \d+ ms; ", outcome.Output);
        Assert.Matches(@"\n               \d\.\de-\d+ +\d\.\de-\d+ +1x1 \[6, 960, 4, 4\] to 320\n", outcome.Output);
    }

    [Fact]
    public void ProgramsGetOneObject()
    {
        var found = JsonSerializer.Deserialize<JsonElement>(run.Run("doctor", "--json", "--threads", "2").Output);

        Assert.Equal(2, found.GetProperty("threads").GetInt32());
        Assert.Equal(Processor.VectorBits, found.GetProperty("vectorBits").GetInt32());
        Assert.StartsWith("1.", found.GetProperty("onnxRuntime").GetString(), StringComparison.Ordinal);
        Assert.True(found.GetProperty("cache").GetProperty("bytes").GetInt64() > 0); // the run's pictures
        Assert.False(found.GetProperty("startWeights").GetProperty("isThere").GetBoolean());
        var libtorch = found.GetProperty("libtorch");
        Assert.Equal(JsonValueKind.Null, libtorch.GetProperty("error").ValueKind);
        Assert.All(libtorch.GetProperty("check").GetProperty("convolutions").EnumerateArray(), convolution =>
            Assert.InRange(convolution.GetProperty("deviation").GetDouble(), 1e-9, 1e-5));
    }

    [Fact]
    public void WhatTheUserSetInTheEnvironmentIsShown()
    {
        var outcome = TrainerProcess.Run(run.Work, ["doctor"], ("TRAINER_WEIGHTS_MIRROR", "ftp://me:secret@x"));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("\nenvironment    TRAINER_WEIGHTS_MIRROR=ftp://…@x\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nstart weights  --weights auto can't fetch them: TRAINER_WEIGHTS_MIRROR is 'ftp://…@x'; ", outcome.Output,
            StringComparison.Ordinal);
    }

    /// <summary>The findings are printed nevertheless.</summary>
    [Fact]
    public void ADeviceThatIsntThereIsAnError()
    {
        var outcome = run.Run("doctor", "--device", "cuda");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("error: --device cuda isn't available", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("\nONNX Runtime   1.", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>The program's files without the folder of native libraries.</summary>
    [Fact]
    public void LibrariesThatAreMissingAreFindingsToo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There TorchSharp looks for its libraries itself.");
        using var folder = new TemporaryFolder();
        string[] files = [
            .. Directory.GetFiles(AppContext.BaseDirectory).Select(file => Path.GetFileName(file))
            .Where(file => !file.StartsWith("xunit", StringComparison.Ordinal))];
        Array.ForEach(files, file => File.Copy(Path.Combine(AppContext.BaseDirectory, file), Path.Combine(folder.Root, file)));

        var outcome = TrainerProcess.Shell(folder.Root, "./trainer doctor");

        Assert.Equal(
            (1,
            "error: libtorch doesn't load on this system: LibTorchSharp isn't among the program's files. Build or unpack trainer again; if "
            + "that doesn't help, report this.\n"), (outcome.ExitCode, outcome.Error));
        Assert.All(outcome.Lines, line => Assert.Matches(@"^[a-zA-Z ]{14} \S", line));
        Assert.Contains("\nlibtorch       doesn't load, by TorchSharp 0.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\nONNX Runtime   doesn't load", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("\ndecoders       libvips doesn't load, ImageSharp 2.1", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(files.Order(), Directory.GetFileSystemEntries(folder.Root).Select(file => Path.GetFileName(file)).Order());
    }

    [Fact]
    public void ARunKeepsWhatItRanOn()
    {
        var machine = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(run.PathOf("options.json"))).GetProperty("machine");

        Assert.Equal(Processor.Name, machine.GetProperty("processor").GetString());
        Assert.InRange(machine.GetProperty("worstDeviation").GetDouble(), 1e-9, 1e-5);
        Assert.Equal(JsonValueKind.Null, machine.GetProperty("avoided").ValueKind);
    }
}
