namespace Trainer.Tests;

/// <summary>
/// The collection of tests that need nothing of <see cref="TrainedRun"/>: they have runs and pictures of their own, and run beside the
/// others.
/// </summary>
internal static class Apart
{
    public const string Name = "apart";
}
