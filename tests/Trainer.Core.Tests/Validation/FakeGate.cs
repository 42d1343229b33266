using Trainer.Core.Batching;
using Trainer.Core.Imaging;
using Trainer.Core.Validation;

namespace Trainer.Core.Tests.Validation;

/// <summary>A gate that knows the cosine of each picture by its name.</summary>
internal sealed class FakeGate(float threshold, Func<string, float> cosine) : IGate
{
    public float Threshold => threshold;

    public Preprocessing Preprocessing => Preprocessing.Default;

    public float[] Cosines(Batch batch) => [.. batch.Images.Select(image => cosine(image.Image.Name))];
}
