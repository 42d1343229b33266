using System.Diagnostics;
using Xunit;

namespace Trainer.Core.Tests.Weights;

/// <summary>Servers that are missing, slow or silent.</summary>
public sealed class BadServersTests : Downloads
{
    [Fact]
    public void MissingFileIsSaid()
    {
        using var server = new WeightServer((stream, _) => WeightServer.Send(stream, "404 Not Found", 0, []));

        var error = Refused(Weights(server.Folder));

        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        AssertNamesTheWaysOut(error, server.Folder);
    }

    [Fact]
    public void UnreachableServerIsSaid()
    {
        var nobody = WeightServer.Nobody();

        var error = Refused(Weights(nobody));

        AssertNamesTheWaysOut(error, nobody);
        Assert.DoesNotContain("What has arrived", error.Message, StringComparison.Ordinal); // nothing has
        Assert.Matches(@"\w\. Behind a proxy", error.Message);
    }

    [Fact]
    public void CacheThatCanNotBeMadeIsSaid()
    {
        Folder.Write("not yet there"); // a file where the folder should be
        using var server = new WeightServer(WeightServer.Whole(Content));

        AssertNamesTheWaysOut(Refused(Weights(server.Folder)), server.Folder);
    }

    [Theory]
    [InlineData(-1)]      // not even a header
    [InlineData(100_000)] // in the middle of the file
    public void SilentServerIsGivenUp(int sent)
    {
        using var stalled = Stalled(sent);
        var clock = Stopwatch.StartNew();

        var error = Refused(Weights(stalled.Folder, TimeSpan.FromSeconds(0.3)));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0.25, 10);
        Assert.Contains("It sent nothing for 0.3 seconds.", error.Message, StringComparison.Ordinal);
        Assert.Equal(Math.Max(sent, 0), new FileInfo(Path.Combine(Cache, Name + ".part")).Length);
    }

    /// <summary>The time limit is for silence, not for the whole file, so a slow connection gets all the time it needs.</summary>
    [Fact]
    public void SlowServerIsWaitedFor()
    {
        using var server = new WeightServer((stream, _) =>
        {
            WeightServer.Send(stream, "200 OK", Content.Length, []);
            foreach (var piece in Content.Chunk(50_000))
            {
                Thread.Sleep(200);
                stream.Write(piece);
            }
        });

        var path = Weights(server.Folder, TimeSpan.FromSeconds(1)).Fetch(); // 1.2 seconds of sleep

        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public void CancellingIsNoError()
    {
        using var stalled = Stalled(1000);
        using var cancel = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Weights(stalled.Folder).Fetch((_, _) => cancel.Cancel(), cancel.Token));
    }

    /// <summary>A server that falls silent after a number of bytes; at once for −1.</summary>
    private static WeightServer Stalled(int sent)
    {
        WeightServer? server = null;
        server = new WeightServer((stream, _) =>
        {
            if (sent >= 0)
            {
                WeightServer.Send(stream, "200 OK", Content.Length, Content.AsSpan(0, sent));
            }

            server?.Stall();
        });
        return server;
    }
}
