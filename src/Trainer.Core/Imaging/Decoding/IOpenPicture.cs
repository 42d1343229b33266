using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture whose header was read but whose pixels were not, so that its size can be checked first.</summary>
internal interface IOpenPicture : IDisposable
{
    /// <summary>Size of the whole picture in pixels, as it is stored.</summary>
    int Width { get; }

    /// <inheritdoc cref="Width"/>
    int Height { get; }

    /// <summary>The pixels, which are read here or when they are first used. They are valid until this picture is disposed.</summary>
    /// <param name="shorterSide">The result is reduced towards this shorter side, never below it.</param>
    /// <param name="limit">Cancelled when decoding takes too long; libvips is stopped in its own way.</param>
    /// <exception cref="UndecodableImageException">The pixels are damaged.</exception>
    /// <exception cref="OperationCanceledException">Decoding took too long.</exception>
    Image Load(int shorterSide, CancellationToken limit);
}
