using System.Diagnostics;
using System.Globalization;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class BadFilesTests(ITestOutputHelper output)
{
    private const long MostMemory = 256L << 20; // more than before; the bombs among the files unpack to 400 MB and up
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Fact]
    public void EachGivesAPictureOrAReasonInTimeAndMemory()
    {
        using var process = Process.GetCurrentProcess();
        var before = WorkingSet(process); // left by earlier tests
        var most = before;
        using var watch = new Timer(_ => most = Math.Max(most, WorkingSet(process)), null, 0, 5);

        foreach (var path in Directory.GetFiles(BadFiles.Folder).Order(StringComparer.Ordinal))
        {
            var clock = Stopwatch.StartNew();
            var verdict = Verdict(path);
            output.WriteLine($"{Path.GetFileName(path)}: {verdict} in {clock.ElapsedMilliseconds} ms");

            Assert.True(clock.Elapsed < Longest, $"{path} took {clock.Elapsed}.");
        }

        output.WriteLine($"working set at most {(most - before) >> 20} MiB above the {before >> 20} MiB before");
        Assert.InRange(most - before, 0, MostMemory);
    }

    [Fact]
    public void WhatPillowReadsWeReadAtTheSameSize()
    {
        foreach (var line in File.ReadLines(Path.Combine(BadFiles.Folder, "..", "bad_manifest.tsv")).Skip(1))
        {
            var columns = line.Split('\t');
            var (name, verdict) = (columns[0], columns[4]);
            if (verdict.StartsWith("decodes: ", StringComparison.Ordinal))
            {
                var size = verdict.Split(' ')[^1].Split('x').Select(edge => int.Parse(edge, CultureInfo.InvariantCulture)).ToArray();

                Assert.Equal((name, $"{size[0]}x{size[1]}"), (name, Verdict(BadFiles.PathOf(name))));
            }
        }
    }

    [Theory]
    [InlineData("imagers_Bad_height.bmp", "cut short")]
    [InlineData("pil_bmp_b_badbitcount.bmp", "a BMP of a rare kind (30000 bits a pixel, compression 0); save it as PNG or JPEG")]
    [InlineData("pil_bmp_b_reallybig.bmp", "cut short")]
    [InlineData("pil_bmp_b_shortfile.bmp", "cut short")]
    [InlineData("pil_bmp_g_rgb16-565.bmp", "127x64")]
    [InlineData("pil_bmp_g_rgb24.bmp", "127x64")]
    public void EachBitmapIsReadOrRefusedForWhatIsWrongWithIt(string name, string verdict) =>
        Assert.Equal(verdict, Verdict(BadFiles.PathOf(name)));

    [Fact]
    public void LibrariesKeepTheirWarningsToThemselves()
    {
        using var folder = new TemporaryFolder();
        using var caught = new NativeStandardError(folder.PathOf("stderr.txt"));
        foreach (var path in Directory.GetFiles(BadFiles.Folder))
        {
            _ = Verdict(path);
        }

        Assert.Equal("", caught.Stop());
    }

    /// <summary>
    /// libvips keeps its errors in one global buffer. An error left by an earlier file must not become this file's reason.
    /// </summary>
    [Fact]
    public void ReasonIsTheFilesOwnWhateverElseIsDecoded()
    {
        var paths = Directory.GetFiles(BadFiles.Folder).Order(StringComparer.Ordinal).ToArray();
        var expected = paths.Select(Verdict).ToArray();

        for (var repeat = 0; repeat < 5; repeat++)
        {
            var order = Enumerable.Range(0, paths.Length).ToArray();
            new CounterRandom(1, (ulong)repeat).Shuffle(order.AsSpan());

            var verdicts = order.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(i => Verdict(paths[i])).ToArray();

            Assert.Equal(order.Select(i => expected[i]), verdicts);
        }

        Assert.All(expected, verdict => Assert.DoesNotContain(BadFiles.Folder, verdict, StringComparison.Ordinal));
    }

    private static long WorkingSet(Process process)
    {
        lock (process)
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    private static string Verdict(string path)
    {
        try
        {
            var image = ImageDecoder.Decode(path);
            Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
            return $"{image.Width}x{image.Height}";
        }
        catch (UndecodableImageException e)
        {
            Assert.NotEmpty(e.Message);
            return e.Message;
        }
    }
}
