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
        IReadOnlyList<EvaluationSet> sets, Action<int>? done = null, CancellationToken cancel = default) =>
        JudgedSet.Measure(sets, gate.Threshold, images => Judge(images, cancel), done);

    /// <summary>Pictures that can't be read are left out; the loader notes them.</summary>
    private IEnumerable<PictureCosine> Judge(IReadOnlyList<ImageEntry> images, CancellationToken cancel) =>
        loader.Load(images, cancel).SelectMany(batch => batch.Images.Zip(
            gate.Cosines(batch), (labelled, cosine) => new PictureCosine(labelled.Image, cosine)));
}
