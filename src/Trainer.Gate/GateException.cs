namespace Trainer.Gates;

/// <summary>A file isn't a gate, or a gate failed on a picture. The message says which file, and what to do.</summary>
public sealed class GateException : Exception
{
    /// <summary>Makes an exception with a message and, if there is one, its cause.</summary>
    public GateException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
