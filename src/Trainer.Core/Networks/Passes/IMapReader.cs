namespace Trainer.Core.Networks.Passes;

/// <summary>Reads numbers off the maps of some blocks, picture by picture, and knows their gradients. Several threads may use it at once.</summary>
internal unsafe interface IMapReader
{
    /// <summary>Numbers of a picture.</summary>
    int Size { get; }

    /// <summary>True for a block whose output is read.</summary>
    bool Reads(int block);

    /// <summary>Reads a block's output.</summary>
    /// <param name="map">[places, channels].</param>
    /// <param name="statistics">The picture's numbers; those of this block are written.</param>
    void Forward(int block, float* map, int places, float* statistics);

    /// <summary>Adds the gradients of a block's output to those that come from the blocks behind it.</summary>
    /// <param name="map">As <see cref="Forward"/> had it.</param>
    /// <param name="statistics">The picture's numbers, as <see cref="Forward"/> left them.</param>
    /// <param name="gradients">Of the picture's numbers.</param>
    /// <param name="flow">Gradients of the output before its ReLU6, if it has one: [places, channels], added to. Zeros where no block is behind it.</param>
    void Backward(int block, float* map, int places, float* statistics, float* gradients, float* flow);
}
