using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;

namespace Trainer.Core.Reporting;

/// <summary>A picture with the gate's cosine.</summary>
/// <param name="Cosine">Cosine to the centroid; NaN if the gate wasn't applied.</param>
internal readonly record struct JudgedPicture(string Set, ImageEntry Image, float Cosine)
{
    /// <summary>All pictures of an evaluated set.</summary>
    public static IEnumerable<JudgedPicture> Of(SetResult set) =>
        set.Pictures.Zip(set.Cosines, (image, cosine) => new JudgedPicture(set.Name, image, cosine));

    /// <summary>Judges pictures with the gate.</summary>
    public static IEnumerable<JudgedPicture> By(IGate gate, BatchLoader loader, string set, IReadOnlyList<ImageEntry> images) =>
        loader.Load(images).SelectMany(batch => batch.Images.Zip(
            gate.Cosines(batch), (labelled, cosine) => new JudgedPicture(set, labelled.Image, cosine)));
}
