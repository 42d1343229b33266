using Trainer.Core.Catalog;
using Trainer.Core.Wording;

namespace Trainer.Core.Evaluation;

/// <summary>A set with the gate's cosines of its pictures.</summary>
internal sealed record JudgedSet
{
    /// <param name="set">The set to judge.</param>
    /// <param name="cosines">Cosines of the pictures that could be read.</param>
    /// <param name="pictures">The pictures that could be read, in the same order.</param>
    /// <exception cref="TrainerException">None of the pictures could be read.</exception>
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
