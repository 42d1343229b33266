using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;

namespace Trainer.Core.Tests.Evaluation;

/// <summary>A gate that knows the cosine of each picture by its name.</summary>
internal sealed class FakeGate(float threshold, Func<string, float> cosine) : IGate
{
    public float Threshold => threshold;

    public Preprocessing Preprocessing => Preprocessing.Default;

    public float[] Cosines(Batch batch) => [.. batch.Images.Select(image => cosine(image.Image.Name))];
}
