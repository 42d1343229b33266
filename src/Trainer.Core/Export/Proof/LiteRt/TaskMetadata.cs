
using Trainer.Core.Export.Proof.CoreMl;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>TFLite Metadata, the description for code generators and people, read by the public field numbers.</summary>
/// <param name="Names">Names of the inputs, then of the outputs.</param>
/// <param name="Edge">Of the picture.</param>
/// <param name="Mean">Mean of the normalisation, (byte − mean) / deviation.</param>
/// <param name="Threshold">Threshold of the similarity.</param>
internal sealed record TaskMetadata(
    string Description, IReadOnlyList<string> Names, (int Width, int Height) Edge, float[] Mean, float[] Deviation, float Threshold)
{
    private const string Key = "TFLITE_METADATA";
    private const int Image = 2, Normalisation = 1, Thresholding = 3, Rgb = 1;

    /// <exception cref="BrokenModelException">The metadata are missing, or don't describe a gate.</exception>
    public static TaskMetadata Read(ModelFile model)
    {
        var bytes = model.Properties.TryGetValue(Key, out var found) ? found : throw new BrokenModelException($"it has no {Key}");
        var metadata = FlatTable.Root(bytes, "M001", Key, 0, 1, 2, 3, 4, 7);
        var graph = metadata.Tables(3, "a described graph", 0, 2, 3) is [var only] ? only
            : throw new BrokenModelException($"{Key} doesn't describe one graph");
        var (inputs, outputs) = (Tensors(graph, 2), Tensors(graph, 3));
        if (inputs is not [var image] || outputs is not [_, var similarity, _]
            || inputs.Concat(outputs).Any(tensor => tensor.Text(1).Length == 0))
        {
            throw new BrokenModelException(
                $"{Key} describes {inputs.Length} inputs and {outputs.Length} outputs, expected 1 and 3, all with words");
        }

        var content = image.Table(3, "the picture's content", 0, 1);
        var properties = content.Byte(0) == Image ? content.Table(1, "the picture's properties", 0, 1)
            : throw new BrokenModelException($"{Key} doesn't say that the input is a picture");
        var size = properties.Byte(0) == Rgb ? properties.Table(1, "the picture's size", 0, 1)
            : throw new BrokenModelException($"{Key} describes a picture that isn't RGB");
        var normalisation = Unit(image, Normalisation, 0, 1);
        return new TaskMetadata(
            metadata.Text(1), [.. inputs.Concat(outputs).Select(tensor => tensor.Text(0))], (size.Whole(0), size.Whole(1)),
            normalisation.Floats(0), normalisation.Floats(1), Unit(similarity, Thresholding, 0).Float(0));
    }

    private static FlatTable[] Tensors(FlatTable graph, int field) => graph.Tables(field, "a described tensor", 0, 1, 3, 4);

    /// <summary>The only processing step in the description of a tensor.</summary>
    private static FlatTable Unit(FlatTable tensor, int kind, params int[] known) =>
        tensor.Tables(4, "a step", 0, 1) is [var unit] && unit.Byte(0) == kind
        ? unit.Table(1, "a step's settings", known)
        : throw new BrokenModelException($"{Key} describes other steps for '{tensor.Text(0)}' than the one of kind {kind}");
}
