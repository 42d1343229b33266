using Trainer.Core.Weights.Safetensors;

namespace Trainer.Core.Weights;

/// <summary>
/// The start weights that are built into the program: MobileNetV2's features, pretrained by scripts/pretrain on input from −1 to 1.
/// </summary>
/// <remarks>docs/start-weights.md says on which data and with which teacher they were trained, and how good they are.</remarks>
internal static class BuiltInWeights
{
    /// <summary>Their name in messages.</summary>
    public const string FileName = "the start weights built into trainer";

    private const string Resource = "start-weights.safetensors";

    /// <summary>Reads the weights from the program's resources.</summary>
    public static WeightFile Read()
    {
        using var stream = typeof(BuiltInWeights).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"This build lacks {Resource}."); // the project file embeds it
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return SafetensorsFile.Parse(content, FileName);
    }
}
