using Trainer.Core.Kernels.Statistics;

namespace Trainer.Core.Networks.Passes;

/// <summary>The mean over the last map: <see cref="FeatureKind.Pooled"/>.</summary>
internal sealed unsafe class PoolReader : IMapReader
{
    private const int LastBlock = 18;

    public int Size => MobileNetV2.Channels;

    public bool Reads(int block) => block == LastBlock;

    public void Forward(int block, float* map, int places, float* statistics) => Pooling.Forward(map, places, Size, statistics);

    public void Backward(int block, float* map, int places, float* statistics, float* gradients, float* flow) =>
        Pooling.Backward(map, places, Size, gradients, flow); // nothing is behind it, so nothing is overwritten
}
