using TorchSharp.Modules;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using static TorchSharp.torch;

namespace Trainer.Core.Benchmarks;

/// <summary>
/// The same network computed as in the article's program: libtorch's layers one by one, channels-first, with trainable batch norms and SGD.
/// </summary>
internal sealed class ArticleBenchmark : IDisposable
{
    private static readonly TorchSharp.Scalar One = 1;

    private readonly Device device;
    private readonly EmbeddingNetwork network = new();
    private readonly Linear classes = nn.Linear(EmbeddingNetwork.EmbeddingSize, Labels.Count);
    private readonly FlatParameters parameters;
    private readonly SgdOptimizer optimizer;
    private int step;

    public ArticleBenchmark(Device device)
    {
        this.device = device;
        parameters = new FlatParameters([.. network.parameters(), .. classes.parameters()]);
        optimizer = new SgdOptimizer(parameters, momentum: 0.9, weightDecay: 0);
    }

    /// <summary>Makes one training step.</summary>
    /// <returns>Number of pictures.</returns>
    public int Step(Batch batch)
    {
        using var scope = NewDisposeScope();
        network.train();
        var loss = nn.functional.cross_entropy(classes.forward(Embeddings(batch)), batch.LabelsOn(device));
        loss.backward();
        optimizer.Step(step++, rate: 1e-6);
        loss.item<float>();
        return batch.Images.Count;
    }

    /// <summary>Computes embeddings in evaluation mode.</summary>
    /// <returns>Number of pictures.</returns>
    public int Evaluate(Batch batch)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        network.eval();
        Embeddings(batch).sum().item<float>();
        return batch.Images.Count;
    }

    public void Dispose()
    {
        optimizer.Dispose();
        parameters.Dispose();
        classes.Dispose();
        network.Dispose();
    }

    private Tensor Embeddings(Batch batch)
    {
        var maps = network.Features.children()
            .Aggregate(batch.ImagesOn(device).contiguous(), (input, child) => child is InvertedResidual block
            ? Block(block, input) : ((Sequential)child).forward(input));
        return network.Head.forward(maps.mean([2, 3]));
    }

    private static Tensor Block(InvertedResidual block, Tensor input) =>
        block.HasShortcut ? block.Layers.forward(input).add(input, One) : block.Layers.forward(input);
}
