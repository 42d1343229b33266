namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture can't be read. The message is the reason, without the file's name.</summary>
internal sealed class UndecodableImageException(string reason, Exception? cause = null) : Exception(reason, cause);
