using Trainer.Core.Weights.Safetensors;

namespace Trainer.Core.Weights;

/// <summary>Start weights that come with the program, for who has no others: MobileNetV2's features, pretrained by scripts/pretrain on input from −1 to 1.</summary>
/// <remarks>docs/start-weights.md says what they were trained on, by what teacher, and what they are worth.</remarks>
internal static class BuiltInWeights
{
    /// <summary>What messages call them.</summary>
    public const string FileName = "the start weights built into trainer";

    private const string Resource = "start-weights.safetensors";

    /// <summary>Reads them.</summary>
    public static WeightFile Read()
    {
        using var stream = typeof(BuiltInWeights).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"This build lacks {Resource}."); // the project file embeds it
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return SafetensorsFile.Parse(content, FileName);
    }
}
