namespace Trainer.Core.Networks.Passes;

/// <summary>
/// Computes statistics of some blocks' feature maps, picture by picture, and their gradients. Several threads may use it at once.
/// </summary>
internal unsafe interface IMapReader
{
    /// <summary>The number of statistics of a picture.</summary>
    int Size { get; }

    /// <summary>True for a block whose output this reader uses.</summary>
    bool Reads(int block);

    /// <summary>Computes the statistics of a block's output.</summary>
    /// <param name="map">[places, channels].</param>
    /// <param name="statistics">The picture's statistics; those of this block are written.</param>
    void Forward(int block, float* map, int places, float* statistics);

    /// <summary>Adds the gradients of a block's output to those that come from the blocks after it.</summary>
    /// <param name="map">The same as for <see cref="Forward"/>.</param>
    /// <param name="statistics">The picture's statistics, as <see cref="Forward"/> wrote them.</param>
    /// <param name="gradients">Gradients of the picture's statistics.</param>
    /// <param name="flow">
    /// Gradients of the output before its ReLU6, if it has one: [places, channels], added to. They are zeros for the last block.
    /// </param>
    void Backward(int block, float* map, int places, float* statistics, float* gradients, float* flow);
}
