using Trainer.Core.Batching;
using Trainer.Core.Tests.Imaging;
using Trainer.Core.Tests.Training;
using Xunit;

namespace Trainer.Core.Tests.Batching;

public sealed class PictureStreamTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void FilesComeInTheirOrderWithPixelsOrTheReason()
    {
        string[] paths =
        [
            .. Enumerable.Range(1, 20).Select(i => Drawn.Soft(10 * i, 30).Save(folder.PathOf($"{i}.png"))),
            folder.Write("half.jpg", DrawnPictures.HalfAJpeg(0)),
            folder.PathOf("gone.jpg"),
        ];

        var decoded = PictureStream.Decode(paths, shorterSide: 256, workers: 2, TestContext.Current.CancellationToken).ToArray();

        Assert.Equal(paths, decoded.Select(file => file.Path));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => 10 * i), decoded[..20].Select(file => file.Picture?.Width ?? 0));
        Assert.All(decoded[20..], file => Assert.True(file is { Picture: null, Error.Length: > 0 }));
        Assert.Equal("the file is gone", decoded[21].Error);
    }

    [Fact]
    public void NoMoreIsDecodedThanIsLookedAtSoon()
    {
        var asked = 0;
        var paths = Enumerable.Repeat(Drawn.Soft(30, 30).Save(folder.PathOf("a.png")), 1000).Select(path =>
        {
            asked++;
            return path;
        });

        _ = PictureStream.Decode(paths, shorterSide: 256, workers: 2, TestContext.Current.CancellationToken).First();

        Assert.InRange(asked, 1, 10);
    }
}
