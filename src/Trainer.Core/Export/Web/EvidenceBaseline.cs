using Trainer.Core.Export.Onnx;
using Trainer.Core.Imaging;

namespace Trainer.Core.Export.Web;

/// <summary>What each place holds of a picture that just reaches the threshold and is otherwise like the subject's photos.</summary>
/// <remarks>
/// Places differ by themselves: those at the border see padding instead of a picture. So a picture's evidence tells what is odd about it
/// only beside what the subject's photos have in the same place. Share less baseline, summed, is the similarity less the threshold.
/// </remarks>
public static class EvidenceBaseline
{
    /// <param name="gate">A file with the output <see cref="EvidenceOutput"/>.</param>
    /// <param name="typical">Photos of the subject; of none, all places hold the same.</param>
    /// <returns>16 values, row by row, whose sum is the threshold.</returns>
    public static IReadOnlyList<double> Of(OnnxGate gate, IEnumerable<RgbImage> typical)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(typical);
        var sums = new double[EvidenceOutput.Places];
        foreach (var evidence in typical.Select(gate.Evidence).OfType<float[]>())
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += evidence[i];
            }
        }

        var all = sums.Sum();
        return [.. sums.Select(sum => all > 0 ? sum / all * gate.Threshold : gate.Threshold / (double)EvidenceOutput.Places)];
    }
}
