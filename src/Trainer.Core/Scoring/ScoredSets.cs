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
        IReadOnlyList<EvaluationSet> sets, Action<int>? done = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var total = 0;
        return SetResult.OfAll([.. sets.Select(set => Judge(set, ref total, done, cancel))], scorer.Threshold);
    }

    private JudgedSet Judge(EvaluationSet set, ref int total, Action<int>? done, CancellationToken cancel)
    {
        var (cosines, pictures) = (new List<float>(), new List<ImageEntry>());
        foreach (var (picture, scored) in set.Images.Zip(scorer.Score(set.Images.Select(image => new PictureSource(image.Path)), cancel)))
        {
            if (scored.Judgement is { } judgement)
            {
                cosines.Add(judgement.Similarity);
                pictures.Add(picture);
            }
            else
            {
                skipped.Add(new SkippedFile(picture.Path, scored.Error!)); // either a score or an error is set
            }

            done?.Invoke(++total);
        }

        return new(set, cosines, pictures);
    }
}
