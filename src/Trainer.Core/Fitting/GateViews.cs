using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;

namespace Trainer.Core.Fitting;

/// <summary>
/// A kind of view, and the weight of its difference from the photo in a covariance; a photo's difference from the mean has weight 1.
/// </summary>
internal readonly record struct GateView(PictureVariation Variation, double Weight);

/// <summary>The views from which a gate learns which changes of a photo to ignore.</summary>
/// <remarks>Measured in docs/decisions/0024. A view is a pure function of the photo's content, so it is the same in every run.</remarks>
internal static class GateViews
{
    /// <summary>The views of a photo of the subject.</summary>
    public static readonly GateView[] OfNormals = [new(PictureVariation.Retaken, 0.1), new(PictureVariation.Rescaled, 0.1)];

    /// <summary>The views of an ordinary photo.</summary>
    /// <remarks>
    /// Ordinary photos show in which directions the features of any photo move when it is taken again, or when only a strip of it lies on
    /// paper. There are more of them than of the subject, and they say nothing about the subject itself.
    /// </remarks>
    public static readonly GateView[] OfOrdinary =
        [new(PictureVariation.Retaken, 0.3), new(PictureVariation.Rescaled, 1), new(PictureVariation.Strip, 0.3)];

    private const ulong Purpose = 0x56494557; // "VIEW"

    /// <summary>The network's input for a view: E · E · 3 bytes.</summary>
    /// <param name="view">0 for the unchanged photo, or the 1-based index of a view in <paramref name="views"/>.</param>
    /// <param name="edge">E.</param>
    public static byte[] ToInput(GateView[] views, ImageEntry image, int view, RgbImage picture, int edge) => PictureView.ToInput(
        picture, view == 0 ? PictureVariation.None : views[view - 1].Variation, new CounterRandom(Purpose, image.ContentKey, (ulong)view),
        edge);
}
