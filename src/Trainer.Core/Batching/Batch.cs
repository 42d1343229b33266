using System.Runtime.InteropServices;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using static TorchSharp.torch;

namespace Trainer.Core.Batching;

/// <summary>
/// One step's pictures and labels, still as bytes. The code that uses them makes the tensors, on its own thread and device.
/// </summary>
/// <param name="Pixels">N · V · E · E · 3 bytes, RGB, with V the <see cref="Views"/> and E the <see cref="Edge"/>.</param>
/// <param name="Images">The N pictures, in the order of the pixels.</param>
public sealed record Batch(byte[] Pixels, IReadOnlyList<LabelledImage> Images)
{
    /// <summary>The index in the sequence after this batch's last picture, at which a resumed run continues.</summary>
    public int End { get; init; }

    /// <summary>V, the number of views of each picture; a picture's views are adjacent.</summary>
    public int Views { get; init; } = 1;

    /// <summary>
    /// E, the edge of the square pictures in pixels: the run's edge, or a smaller one while training starts with small pictures.
    /// </summary>
    public int Edge => (int)Math.Round(Math.Sqrt(Pixels.Length / (3.0 * Images.Count * Views)));

    /// <summary>The normalised pixels, as the network takes them.</summary>
    /// <returns>float32 [N · V, 3, E, E] with channels-last strides, which are 1.4 to 1.7 times as fast as the default strides.</returns>
    public Tensor ImagesOn(Device device)
    {
        using var scope = NewDisposeScope();
        var images = empty(Images.Count * Views, Edge, Edge, 3);
        Preprocessing.Normalise(Pixels, MemoryMarshal.Cast<byte, float>(images.bytes));
        return images.permute(0, 3, 1, 2).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>The batch's pictures one by one; each view is a picture of its own.</summary>
    public IEnumerable<RgbImage> Pictures() => Pixels.Chunk(3 * Edge * Edge).Select(pixels => new RgbImage(Edge, Edge, pixels));

    /// <summary>The labels.</summary>
    /// <returns>int64 [N].</returns>
    public Tensor LabelsOn(Device device)
    {
        using var scope = NewDisposeScope();
        return tensor(Images.Select(i => (long)i.Label).ToArray()).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>Which photo each picture is a view of: the same file gets the same number.</summary>
    /// <returns>int64 [N].</returns>
    public Tensor PhotosOn(Device device)
    {
        using var scope = NewDisposeScope();
        var numbers = new Dictionary<string, long>();
        return tensor(Images.Select(i => numbers.TryGetValue(i.Image.Path, out var known) ? known : numbers[i.Image.Path] = numbers.Count)
            .ToArray())
            .to(device).MoveToOuterDisposeScope();
    }
}
