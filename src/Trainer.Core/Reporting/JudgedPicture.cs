using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;

namespace Trainer.Core.Reporting;

/// <summary>A picture and what the gate makes of it.</summary>
/// <param name="Cosine">NaN where the gate was not asked.</param>
internal readonly record struct JudgedPicture(string Set, ImageEntry Image, float Cosine)
{
    /// <summary>All pictures of an evaluated set.</summary>
    public static IEnumerable<JudgedPicture> Of(SetResult set) => set.Pictures.Zip(set.Cosines, (image, cosine) => new JudgedPicture(set.Name, image, cosine));

    /// <summary>Asks the gate.</summary>
    public static IEnumerable<JudgedPicture> By(IGate gate, BatchLoader loader, string set, IReadOnlyList<ImageEntry> images) =>
        loader.Load(images).SelectMany(batch => batch.Images.Zip(gate.Cosines(batch), (labelled, cosine) => new JudgedPicture(set, labelled.Image, cosine)));

    /// <summary>An even choice: the first, the last, and what lies between at equal distances.</summary>
    public static JudgedPicture[] Spread(IReadOnlyList<JudgedPicture> pictures, int most) => pictures.Count <= most
        ? [.. pictures]
        : [.. Enumerable.Range(0, most).Select(i => pictures[(int)((long)i * (pictures.Count - 1) / (most - 1))])];
}
