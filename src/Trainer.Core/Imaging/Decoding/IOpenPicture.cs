using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture whose header was read and whose pixels were not, so that its size can be judged first.</summary>
internal interface IOpenPicture : IDisposable
{
    /// <summary>Of the whole picture in pixels, as they are stored.</summary>
    int Width { get; }

    /// <inheritdoc cref="Width"/>
    int Height { get; }

    /// <summary>The pixels, read here or as soon as they are asked for. They end with this picture.</summary>
    /// <param name="shorterSide">The result is reduced towards this shorter side, never below.</param>
    /// <param name="limit">Cancelled when that takes too long; libvips is told by its own means.</param>
    /// <exception cref="UndecodableImageException">The pixels are damaged.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    Image Load(int shorterSide, CancellationToken limit);
}
