using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Augmenting;

public sealed class VariationsTests
{
    private static readonly RgbImage Photo =
        new(200, 160, [.. Enumerable.Range(0, 200 * 160 * 3).Select(i => (byte)(100 + (i / 600 % 50)))]);

    [Fact]
    public void TheFirstIsThePhotoAsItIs() =>
        Assert.Equal(Preprocessing.Default.ToInput(Photo), Variations.ToInput(Photo, photo: 7, variation: 0, edge: 128));

    [Fact]
    public void EachPhotoHasItsOwnAndAlwaysTheSame()
    {
        var all = Enumerable.Range(0, Variations.Count).Select(v => Variations.ToInput(Photo, 7, v, 128)).ToArray();

        Assert.Equal(Variations.Count, all.Select(Convert.ToBase64String).Distinct().Count());
        Assert.Equal(all[3], Variations.ToInput(Photo, 7, 3, 128));
        Assert.NotEqual(all[3], Variations.ToInput(Photo, 8, 3, 128));
    }

    [Fact]
    public void LightChangesByLessThanAThird()
    {
        foreach (var photo in Enumerable.Range(0, 50))
        {
            var mean = Variations.ToInput(Photo, photo, 1, 128).Average(b => b);
            Assert.InRange(mean, 125 * 0.67, 125 * 1.33);
        }
    }
}
