namespace Trainer.Gates;

/// <summary>A file is no gate, or a gate failed on a picture. The message says which file, and what to do.</summary>
public sealed class GateException : Exception
{
    /// <summary>Makes one.</summary>
    public GateException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
