using Trainer.Core.Batching;
using Trainer.Core.Catalog;

namespace Trainer.Core.Evaluation;

/// <summary>A named set of pictures to evaluate a gate on.</summary>
public sealed record EvaluationSet(string Name, SetRole Role, IReadOnlyList<ImageEntry> Images);

/// <summary>Measures a gate on sets of pictures.</summary>
public sealed class Evaluator(IGate gate, BatchLoader loader)
{
    /// <summary>Measures the gate on every set.</summary>
    /// <param name="sets">The first set with the role normal holds the normals that AUROC and FPR@95TPR compare with.</param>
    /// <param name="done">Called with the number of pictures done so far, over all sets.</param>
    /// <exception cref="TrainerException">There is a set without a readable picture.</exception>
    public IReadOnlyList<SetResult> Evaluate(
        IReadOnlyList<EvaluationSet> sets, Action<int>? done = null, CancellationToken cancel = default)
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
