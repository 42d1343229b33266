using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>Keeps the subject's photos apart from one another while training draws them together: two views of one photo are to be more alike than views of two.</summary>
/// <remarks>
/// Mean-shifted contrastive loss, Reiss and Hoshen 2021, eq. 4 and 5, <see href="https://arxiv.org/abs/2106.03844"/>: angles are measured about the centre of the
/// subject's features before training, so that nothing is won by moving all of them away from it.
/// </remarks>
internal static class MeanShiftedContrast
{
    // Numbers are held for good: docs/decisions/0006.
    private static readonly Scalar MinusOne = -1;
    private static readonly Scalar Never = -1e9;

    /// <summary>The mean over all views of the cross-entropy of finding the photo's other view among all others.</summary>
    /// <param name="features">[N, F], any length.</param>
    /// <param name="photos">int64 [N]: which photo each is a view of. Views without a partner have no say but as others.</param>
    /// <param name="centre">Mean of the subject's unit features before training, [F].</param>
    /// <param name="temperature">Above 0; held by the caller while libtorch reads it.</param>
    /// <returns>A scalar tensor; 0 where no photo has two views.</returns>
    public static Tensor Loss(Tensor features, Tensor photos, Tensor centre, Scalar temperature)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(photos);
        using var scope = NewDisposeScope();
        var self = eye(features.shape[0], dtype: ScalarType.Bool, device: features.device);
        var partners = photos.unsqueeze(0).eq(photos.unsqueeze(1)).logical_and(self.logical_not()).nonzero(); // [P, 2]
        if (partners.shape[0] == 0)
        {
            return zeros(1, features.dtype, features.device).squeeze(0).MoveToOuterDisposeScope();
        }

        var unit = nn.functional.normalize(features, dim: 1);
        var shifted = nn.functional.normalize(unit.add(centre, MinusOne), dim: 1);        // [N, F]
        var logits = shifted.mm(shifted.t()).div(temperature).masked_fill(self, Never);   // [N, N]
        return nn.functional.cross_entropy(logits.index_select(0, partners.select(1, 0)), partners.select(1, 1)).MoveToOuterDisposeScope();
    }
}
