namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture that can't be read; the message is the reason, without the file's name.</summary>
internal sealed class UndecodableImageException(string reason, Exception? cause = null) : Exception(reason, cause);
