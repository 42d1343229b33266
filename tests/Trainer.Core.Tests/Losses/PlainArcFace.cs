using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

/// <summary>ArcFace written out by loops, slow and obvious.</summary>
internal static class PlainArcFace
{
    /// <summary>The cosine of one picture to one class; with a margin, which is added to the angle, that of its own class.</summary>
    public static double Logit(Tensor embeddings, Tensor weights, int image, int classIndex, double? margin)
    {
        double dot = 0, embeddingSquares = 0, weightSquares = 0;
        for (var d = 0; d < weights.shape[0]; d++)
        {
            var (e, w) = (embeddings[image, d].item<double>(), weights[d, classIndex].item<double>());
            dot += e * w;
            embeddingSquares += e * e;
            weightSquares += w * w;
        }

        var cosine = dot / Math.Sqrt(embeddingSquares) / Math.Sqrt(weightSquares);
        var theta = Math.Acos(cosine);
        return margin is not { } m ? cosine
            : theta <= Math.PI - m ? Math.Cos(theta + m)
            : cosine - (m * Math.Sin(m));
    }
}
