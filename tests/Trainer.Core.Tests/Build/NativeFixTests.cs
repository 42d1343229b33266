using System.Diagnostics;
using Xunit;

namespace Trainer.Core.Tests.Build;

/// <summary>Tests that the build lets TorchSharp load on Debian 12 and Ubuntu 22.04, and doesn't change the package cache.</summary>
public sealed class NativeFixTests : IDisposable
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Library = "libLibTorchSharp.so";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LibraryInTheOutputAsksForTheNewerVersionOnlyWeakly()
    {
        var need = Assert.Single(ElfVersionNeeds.Read(File.ReadAllBytes(InOutput())), need => need.Name == Version);

        Assert.Equal(ElfVersionNeeds.Weak, need.Flags);
    }

    [Fact]
    public void NothingElseIsWeak() => Assert.All(
        ElfVersionNeeds.Read(File.ReadAllBytes(InOutput())).Where(need => need.Name != Version), need => Assert.Equal(0, need.Flags));

    /// <summary>If the output folder and the package cache are on one disk, the output file is a link to the cached file.</summary>
    [Fact]
    public void TaskChangesOneFlagOfOneLinkAndNothingTheSecondTime()
    {
        var done = File.ReadAllBytes(InOutput());
        var asShipped = done.ToArray();
        asShipped[ElfVersionNeeds.Read(done).Single(need => need.Name == Version).FlagsOffset] = 0;
        var time = new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        var (cached, output) = (folder.PathOf("cache.so"), folder.PathOf("output.so"));
        var (again, text) = (folder.PathOf("again.so"), folder.PathOf("text.so"));
        File.WriteAllBytes(cached, asShipped);
        File.WriteAllBytes(again, done);
        File.WriteAllText(text, "no library at all");
        foreach (var path in (string[])[cached, again, text])
        {
            File.SetLastWriteTimeUtc(path, time);
        }

        Run("ln", cached, output);
        Run("ln", again, folder.PathOf("link-to-again.so"));
        RunTask(output, again, text);

        Assert.Equal(done, File.ReadAllBytes(output));
        Assert.Equal(asShipped, File.ReadAllBytes(cached));
        Assert.All((string[])[cached, output, again, text], path => Assert.Equal(time, File.GetLastWriteTimeUtc(path)));
        Assert.Equal("no library at all", File.ReadAllText(text));
        Assert.Equal(done, File.ReadAllBytes(again));
        Assert.Equal("2", Run("stat", "-c", "%h", again)); // still linked, so it was not even replaced
        Assert.Equal("1", Run("stat", "-c", "%h", output));
        Assert.Equal(6, Directory.GetFiles(folder.Root).Length); // five libraries and the project, and no temporary files
    }

    private static string InOutput()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux's library is mended.");
        return ((string[])["", "runtimes/linux-x64/native"]).Select(below => Path.Combine(AppContext.BaseDirectory, below, Library))
            .First(File.Exists);
    }

    private void RunTask(params string[] files)
    {
        var task = Path.Combine(Repository.Root, "build", "WeakenGlibcxx.cs");
        var project = folder.PathOf("task.proj");
        File.WriteAllText(project, $"""
            <Project>
              <UsingTask TaskName="WeakenGlibcxx" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll">
                <Task><Code Type="Class" Language="cs" Source="{task}" /></Task>
              </UsingTask>
              <Target Name="Build">
            {string.Join('\n', files.Select(file => $"    <WeakenGlibcxx File=\"{file}\" />"))}
              </Target>
            </Project>
            """);
        _ = Run("dotnet", "msbuild", project, "-nologo", "-nodeReuse:false");
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true });
        Assert.NotNull(process);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}");
        return output.Trim();
    }
}
