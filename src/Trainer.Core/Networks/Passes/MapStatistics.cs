using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>A reader's statistics of a batch's pictures, which it computes while the pictures go through the layers.</summary>
internal sealed unsafe class MapStatistics(ChainLayout layout, IMapReader reader) : IDisposable
{
    private readonly AlignedBuffer statistics = new();

    /// <summary>The statistics, [N, S].</summary>
    public float* Values => statistics.First;

    /// <summary>Allocates memory for a batch.</summary>
    public void Prepare(int pictures) => _ = statistics.For((long)pictures * reader.Size);

    /// <summary>Reads a layer's results, if the reader needs them.</summary>
    /// <param name="maps">The results for <paramref name="count"/> pictures, starting with the picture <paramref name="first"/>.</param>
    public void Read(ThreadTeam team, int layer, float* maps, int first, int count)
    {
        if (layout.ReadBlock(layer) is >= 0 and var block)
        {
            team.Run(count, (picture, _) => reader.Forward(
                block, maps + (picture * layout.Size(layer + 1)), layout.Places(layer + 1), Values + Offset(first + picture)));
        }
    }

    /// <summary>Adds the gradients of a layer's results that come from their statistics.</summary>
    /// <param name="ofStatistics">Gradients of <see cref="Values"/>.</param>
    /// <param name="maps">The same as for <see cref="Read"/>.</param>
    /// <param name="flow">Gradients of the layer's results, added to.</param>
    public void AddGradients(ThreadTeam team, int layer, float* ofStatistics, float* maps, float* flow, int first, int count)
    {
        if (layout.ReadBlock(layer) is >= 0 and var block)
        {
            team.Run(count, (picture, _) =>
            {
                var (offset, size) = (Offset(first + picture), picture * layout.Size(layer + 1));
                reader.Backward(block, maps + size, layout.Places(layer + 1), Values + offset, ofStatistics + offset, flow + size);
            });
        }
    }

    public void Dispose() => statistics.Dispose();

    private nint Offset(int picture) => (nint)picture * reader.Size;
}
