using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;

namespace Trainer.Core.Fitting;

/// <summary>A view of a photo, and how much its difference from the photo counts in a covariance; a photo's own difference from the mean counts 1.</summary>
internal readonly record struct GateView(PictureVariation Variation, double Weight);

/// <summary>The views by which a gate learns what not to mind.</summary>
/// <remarks>Measured in docs/decisions/0024. A view is a pure function of the photo's content: the same in every run.</remarks>
internal static class GateViews
{
    /// <summary>Of a photo of the subject.</summary>
    public static readonly GateView[] OfNormals = [new(PictureVariation.Retaken, 0.1), new(PictureVariation.Rescaled, 0.1)];

    /// <summary>Of an ordinary photo. Ordinary photos tell in which directions any photo moves when it is taken again, or laid on paper: there are more of them, and they know nothing of the subject.</summary>
    public static readonly GateView[] OfOrdinary = [new(PictureVariation.Retaken, 0.3), new(PictureVariation.Rescaled, 1), new(PictureVariation.Strip, 0.3)];

    private const ulong Purpose = 0x56494557; // "VIEW"

    /// <summary>The network's input for a view: E · E · 3 bytes.</summary>
    /// <param name="view">0 is the photo as it is; the others are those of <paramref name="views"/>.</param>
    /// <param name="edge">E.</param>
    public static byte[] ToInput(GateView[] views, ImageEntry image, int view, RgbImage picture, int edge) => PictureView.ToInput(
        picture, view == 0 ? PictureVariation.None : views[view - 1].Variation, new CounterRandom(Purpose, image.ContentKey, (ulong)view), edge);
}
