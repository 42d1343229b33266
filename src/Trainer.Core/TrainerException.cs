namespace Trainer.Core;

/// <summary>Something that the user can mend: the message says what is wrong, where, and what to do.</summary>
/// <remarks>The command line prints the message alone and exits with 1; any other exception is a bug of ours.</remarks>
public sealed class TrainerException : Exception
{
    /// <inheritdoc cref="TrainerException"/>
    public TrainerException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="TrainerException"/>
    public TrainerException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
