using Trainer.Core.Kernels.Statistics;

namespace Trainer.Core.Networks.Passes;

/// <summary>Computes the mean over the last feature map, for <see cref="FeatureKind.Pooled"/>.</summary>
internal sealed unsafe class PoolReader : IMapReader
{
    private const int LastBlock = 18;

    public int Size => MobileNetV2.Channels;

    public bool Reads(int block) => block == LastBlock;

    public void Forward(int block, float* map, int places, float* statistics) => Pooling.Forward(map, places, Size, statistics);

    public void Backward(int block, float* map, int places, float* statistics, float* gradients, float* flow) =>
        Pooling.Backward(map, places, Size, gradients, flow); // overwriting is safe, as no block follows
}
