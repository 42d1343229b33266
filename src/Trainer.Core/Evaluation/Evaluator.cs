using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Wording;

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
        var judged = sets.Select(set => Judge(set, ref total, done, cancel)).ToArray();
        var normals = sets.Zip(judged).FirstOrDefault(s => s.First.Role == SetRole.Normal).Second.Cosines ?? [];
        return [.. sets.Zip(judged, (set, found) => SetResult.Of(set.Name, set.Role, found.Cosines, normals, gate.Threshold) with { Pictures = found.Pictures })];
    }

    private (float[] Cosines, IReadOnlyList<ImageEntry> Pictures) Judge(EvaluationSet set, ref int total, Action<int>? done, CancellationToken cancel)
    {
        var cosines = new List<float>();
        var pictures = new List<ImageEntry>();
        foreach (var batch in loader.Load(set.Images, cancel))
        {
            cosines.AddRange(gate.Cosines(batch));
            pictures.AddRange(batch.Images.Select(labelled => labelled.Image));
            done?.Invoke(total += batch.Images.Count);
        }

        return cosines.Count > 0
            ? ([.. cosines], pictures)
            : throw new TrainerException($"None of the pictures of '{set.Name}' can be read ({Counted.Of(set.Images.Count, "file")}).");
    }
}
