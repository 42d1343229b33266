using Trainer.Core.Catalog;
using Trainer.Core.Wording;

namespace Trainer.Core.Evaluation;

/// <summary>A picture that a gate was asked about, and its cosine; null when the picture can't be read.</summary>
internal readonly record struct PictureCosine(ImageEntry Picture, float? Cosine);

/// <summary>A set and what a gate says about its pictures.</summary>
/// <param name="Cosines">Of the pictures that can be read.</param>
/// <param name="Pictures">These pictures, in the same order.</param>
internal sealed record JudgedSet(EvaluationSet Set, float[] Cosines, IReadOnlyList<ImageEntry> Pictures)
{
    /// <summary>Measures every set.</summary>
    /// <param name="sets">The first set with the role normal holds the normals that the others are compared with.</param>
    /// <param name="judge">Asks the gate about pictures, in their order.</param>
    /// <param name="done">Called with the number of pictures judged so far, over all sets.</param>
    /// <exception cref="TrainerException">There is a set without a readable picture.</exception>
    public static IReadOnlyList<SetResult> Measure(
        IReadOnlyList<EvaluationSet> sets,
        float threshold,
        Func<IReadOnlyList<ImageEntry>, IEnumerable<PictureCosine>> judge,
        Action<int>? done)
    {
        ArgumentNullException.ThrowIfNull(sets);
        var total = 0;
        JudgedSet[] judged = [.. sets.Select(set => Of(set, judge(set.Images).Select(Told)))];
        var normals = judged.FirstOrDefault(found => found.Set.Role == SetRole.Normal)?.Cosines ?? [];
        return [.. judged.Select(found => found.Measured(normals, threshold))];

        PictureCosine Told(PictureCosine picture)
        {
            done?.Invoke(++total);
            return picture;
        }
    }

    private static JudgedSet Of(EvaluationSet set, IEnumerable<PictureCosine> judged)
    {
        PictureCosine[] read = [.. judged.Where(picture => picture.Cosine is not null)];
        return read.Length > 0
            ? new(set, [.. read.Select(picture => picture.Cosine.GetValueOrDefault())], [.. read.Select(picture => picture.Picture)])
            : throw new TrainerException(
                $"None of the pictures of '{set.Name}' can be read ({Counted.Of(set.Images.Count, "file")}).");
    }

    private SetResult Measured(float[] normals, float threshold) =>
        SetResult.Of(Set.Name, Set.Role, Cosines, normals, threshold) with { Pictures = Pictures };
}
