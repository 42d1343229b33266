using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Losses;

/// <summary>
/// Keeps the subject's photos distinguishable while training draws them together: two views of the same photo shall be more alike than
/// views of different photos.
/// </summary>
/// <remarks>
/// Mean-shifted contrastive loss, Reiss and Hoshen 2021, eq. 4 and 5, <see href="https://arxiv.org/abs/2106.03844"/>. Angles are measured
/// around the centre of the subject's features before training, so moving all features away from that centre doesn't reduce the loss.
/// </remarks>
internal static class MeanShiftedContrast
{
    // Scalars are held in fields: docs/decisions/0006.
    private static readonly Scalar MinusOne = -1;
    private static readonly Scalar Never = -1e9;

    /// <summary>The cross-entropy of finding a photo's other view among all other views, averaged over the views.</summary>
    /// <param name="features">[N, F], of any length.</param>
    /// <param name="photos">
    /// int64 [N]: which photo each picture is a view of. A view without a partner only serves as one of the other views.
    /// </param>
    /// <param name="centre">Mean of the subject's unit features before training, [F].</param>
    /// <param name="temperature">Greater than 0. The caller must hold it while libtorch reads it.</param>
    /// <returns>A scalar tensor; 0 when no photo has two views.</returns>
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
