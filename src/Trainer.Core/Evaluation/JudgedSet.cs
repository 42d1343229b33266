using Trainer.Core.Catalog;
using Trainer.Core.Wording;

namespace Trainer.Core.Evaluation;

/// <summary>A set, and what a gate made of its pictures.</summary>
internal sealed record JudgedSet
{
    /// <param name="set">What was to be judged.</param>
    /// <param name="cosines">Of the pictures that could be read.</param>
    /// <param name="pictures">These, in the same order.</param>
    /// <exception cref="TrainerException">None could be read.</exception>
    public JudgedSet(EvaluationSet set, IEnumerable<float> cosines, IReadOnlyList<ImageEntry> pictures)
    {
        (Set, Cosines, Pictures) = (set, [.. cosines], pictures);
        if (Cosines.Length == 0)
        {
            throw new TrainerException($"None of the pictures of '{set.Name}' can be read ({Counted.Of(set.Images.Count, "file")}).");
        }
    }

    public EvaluationSet Set { get; }

    public float[] Cosines { get; }

    public IReadOnlyList<ImageEntry> Pictures { get; }
}
