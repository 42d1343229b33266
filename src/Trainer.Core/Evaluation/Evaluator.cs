using Trainer.Core.Batching;
using Trainer.Core.Catalog;

namespace Trainer.Core.Evaluation;

/// <summary>A named set of pictures to evaluate a gate on.</summary>
public sealed record EvaluationSet(string Name, SetRole Role, IReadOnlyList<ImageEntry> Images);

/// <summary>Measures a gate on sets of pictures.</summary>
public sealed class Evaluator(IGate gate, BatchLoader loader)
{
    /// <summary>Runs over every set.</summary>
    /// <param name="sets">The first of role normal gives the normals that AUROC and FPR@95TPR compare with.</param>
    /// <param name="done">Told the number of pictures so far, over all sets.</param>
    /// <exception cref="TrainerException">None of a set's pictures can be read.</exception>
    public IReadOnlyList<SetResult> Evaluate(IReadOnlyList<EvaluationSet> sets, Action<int>? done = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var total = 0;
        return SetResult.OfAll([.. sets.Select(set => Judge(set, ref total, done, cancel))], gate.Threshold);
    }

    private JudgedSet Judge(EvaluationSet set, ref int total, Action<int>? done, CancellationToken cancel)
    {
        var (cosines, pictures) = (new List<float>(), new List<ImageEntry>());
        foreach (var batch in loader.Load(set.Images, cancel))
        {
            cosines.AddRange(gate.Cosines(batch));
            pictures.AddRange(batch.Images.Select(labelled => labelled.Image));
            done?.Invoke(total += batch.Images.Count);
        }

        return new(set, cosines, pictures);
    }
}
