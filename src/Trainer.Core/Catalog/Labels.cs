namespace Trainer.Core.Catalog;

/// <summary>Class indices of the two-class training.</summary>
internal static class Labels
{
    /// <summary>Everything that is not the subject.</summary>
    public const int Negative = 0;

    /// <summary>The subject.</summary>
    public const int Normal = 1;

    /// <summary>How many classes there are.</summary>
    public const int Count = 2;
}

/// <summary>A picture with its class label for one epoch.</summary>
public readonly record struct LabelledImage(ImageEntry Image, int Label);

/// <summary>A file that was skipped, and the reason.</summary>
public sealed record SkippedFile(string Path, string Reason);
