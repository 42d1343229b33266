using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;

namespace Trainer.Core.Scoring;

/// <summary>
/// Measures an exported file on sets of pictures. Each picture goes from its file to the decision as in an app, where the graph crops and
/// resizes.
/// </summary>
/// <param name="skipped">Receives the files that can't be read.</param>
public sealed class ScoredSets(IScorer scorer, SkippedFiles skipped)
{
    /// <inheritdoc cref="Evaluator.Evaluate"/>
    public IReadOnlyList<SetResult> Evaluate(
        IReadOnlyList<EvaluationSet> sets, Action<int>? done = null, CancellationToken cancel = default) =>
        JudgedSet.Measure(sets, scorer.Threshold, images => Judge(images, cancel), done);

    private IEnumerable<PictureCosine> Judge(IReadOnlyList<ImageEntry> images, CancellationToken cancel) =>
        images.Zip(scorer.Score(images.Select(image => new PictureSource(image.Path)), cancel), (image, scored) =>
        {
            if (scored.Error is { } reason)
            {
                skipped.Add(new SkippedFile(image.Path, reason));
            }

            return new PictureCosine(image, scored.Judgement?.Similarity);
        });
}
