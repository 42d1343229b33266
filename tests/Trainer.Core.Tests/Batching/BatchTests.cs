using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Tests.Catalog;
using Trainer.Core.Tests.Imaging;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Batching;

public sealed class BatchTests
{
    private static readonly Batch Three = new(
        [.. Enumerable.Range(1, 3).SelectMany(seed => Drawn.Noise(128, 128, (ulong)seed).Pixels)],
        [.. Entries.Some(3).Select((image, i) => new LabelledImage(image, i == 1 ? Labels.Normal : Labels.Negative))]);

    [Fact]
    public void ImagesAreNchwWithChannelsLastStrides()
    {
        using var images = Three.ImagesOn(CPU);

        Assert.Equal(ScalarType.Float32, images.dtype);
        Assert.Equal([3, 3, 128, 128], images.shape);
        Assert.Equal([128 * 128 * 3, 1, 128 * 3, 3], images.stride());
    }

    [Fact]
    public void PixelsBecomeMinusOneToOne()
    {
        using var images = Three.ImagesOn(CPU);

        foreach (var (n, c, y, x) in new[] { (0, 0, 0, 0), (0, 1, 0, 0), (1, 2, 5, 7), (2, 0, 127, 127), (2, 2, 127, 0) })
        {
            var pixel = Three.Pixels[(((((n * 128) + y) * 128) + x) * 3) + c];
            Assert.Equal((pixel / 127.5) - 1, images[n, c, y, x].item<float>(), tolerance: 1e-6);
        }

        Assert.Equal(-1, images.min().item<float>());
        Assert.Equal(1, images.max().item<float>());
    }

    [Fact]
    public void LabelsAreWholeNumbers()
    {
        using var labels = Three.LabelsOn(CPU);

        Assert.Equal([0L, 1, 0], labels.data<long>().ToArray());
    }
}
