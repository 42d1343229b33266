using System.Globalization;
using Trainer.Core.Imaging;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>
/// A model's description of its interface, checked to be that of a gate: one picture in; embedding, similarity and decision out.
/// </summary>
/// <param name="Threshold">The threshold in the metadata.</param>
/// <param name="Edge">Edge of the picture.</param>
internal sealed record ModelInterface(float Threshold, int Edge)
{
    /// <summary>The picture.</summary>
    public const string Input = "image";

    /// <summary>The unit embedding.</summary>
    public const string Embedding = "embedding";

    /// <summary>Its cosine to the centroid.</summary>
    public const string Similarity = "similarity";

    /// <summary>1 for accepted, 0 for rejected.</summary>
    public const string Accepted = "accepted";

    private const string ThresholdKey = "threshold";
    private const string PreprocessingKey = "preprocessing_version";
    private const long Rgb = 20;
    private const long Float32 = 65568;
    private static readonly (string Name, long Length)[] Outputs =
        [(Embedding, Networks.EmbeddingNetwork.EmbeddingSize), (Similarity, 1), (Accepted, 1)];

    /// <param name="description">The ModelDescription message, without the fields that would make it a classifier.</param>
    public static ModelInterface Read(WireMessage description)
    {
        var edge = EdgeOf(description.Messages(1, "an input", 1, 2, 3));
        RequireOutputs(description.Messages(10, "an output", 1, 2, 3));
        var metadata = description.Message(100, "the metadata", 1, 2, 3, 100).Map(100, "the user-defined metadata")
            .ToDictionary(entry => entry.Key, entry => System.Text.Encoding.UTF8.GetString(entry.Value.Span));
        if (!float.TryParse(metadata.GetValueOrDefault(ThresholdKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold))
        {
            throw new BrokenModelException("the threshold is missing in its metadata");
        }

        var version = metadata.GetValueOrDefault(PreprocessingKey);
        return version == Preprocessing.Version.ToString(CultureInfo.InvariantCulture)
            ? new ModelInterface(threshold, edge)
            : throw new BrokenModelException(
                $"it expects preprocessing {version ?? "of no version"}, this trainer does {Preprocessing.Version}");
    }

    private static int EdgeOf(IReadOnlyList<WireMessage> inputs)
    {
        if (inputs is not [var input] || input.Text(1) != Input || input.Text(2).Length == 0)
        {
            throw new BrokenModelException($"its inputs are {Names(inputs)}, expected one described input '{Input}'");
        }

        var image = input.Message(3, "the input's type", 4).Message(4, "the picture's type", 1, 2, 3);
        var edge = Preprocessing.Edges.FirstOrDefault(known => known == image.Number(1));
        return edge > 0 && image.Number(2) == edge && image.Number(3) == Rgb ? edge : throw new BrokenModelException(
            $"its picture is {image.Number(1)}x{image.Number(2)} in colour space {image.Number(3)}, "
            + $"expected a square with an edge of {string.Join(", ", Preprocessing.Edges)} in {Rgb}, which is RGB");
    }

    private static void RequireOutputs(IReadOnlyList<WireMessage> outputs)
    {
        if (!outputs.Select(output => output.Text(1)).SequenceEqual(Outputs.Select(output => output.Name))
            || outputs.Any(output => output.Text(2).Length == 0))
        {
            throw new BrokenModelException(
                $"its outputs are {Names(outputs)}, expected {string.Join(", ", Outputs.Select(output => output.Name))}, all described");
        }

        foreach (var (output, (name, length)) in outputs.Zip(Outputs))
        {
            var array = output.Message(3, $"the type of {name}", 5).Message(5, $"the type of {name}", 1, 2);
            if (!array.Numbers(1).SequenceEqual([1, length]) || array.Number(2) != Float32)
            {
                throw new BrokenModelException(
                    $"its output {name} is [{string.Join(", ", array.Numbers(1))}] of type {array.Number(2)}, expected [1, {length}] of "
                    + $"{Float32}, which is float32");
            }
        }
    }

    private static string Names(IReadOnlyList<WireMessage> features) =>
        $"[{string.Join(", ", features.Select(feature => feature.Text(1)))}]";
}
