using System.Text.Json.Nodes;
using Trainer.Core.Runs;

namespace Trainer.Core.Training;

/// <summary>What differs from the defaults where training starts from random weights: more steps on smaller pictures, and an easier task.</summary>
/// <remarks>Measured in docs/quality.md. A random network drowns in the variations that a pretrained one needs: it never gets to the shapes.</remarks>
public static class RandomStart
{
    /// <summary>By the names of <see cref="TrainingOptions"/>; to be laid over the defaults, under what the user chose.</summary>
    public static JsonObject Defaults => new()
    {
        ["gate"] = "centroid", // features that know nothing yet have to be trained towards the subject: a computed head finds nothing in them
        ["lr"] = 1e-3,
        ["epochs"] = 120,
        ["batch"] = 16,
        ["saveInterval"] = 20,
        ["smallFirst"] = 0.75,
        ["augmentation"] = "crop-and-flip",
        ["leastArea"] = 0.25,
        ["recolourNormals"] = 0,
        ["cutOuts"] = 0.2,
    };
}
