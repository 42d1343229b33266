using System.Globalization;
using System.Runtime.InteropServices;
using Trainer.Core.Evaluation;
using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Imaging;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>
/// Reads an exported .tflite gate from its bytes and runs it with TorchSharp, so that an export can be proved without a phone.
/// </summary>
/// <remarks>
/// It shares no code with the writers. It has its own readers of FlatBuffers and of each operator, by the public descriptions of the
/// format, and
/// refuses everything that a gate doesn't need. Runtimes may round differently; <c>scripts/deploy/check-litert</c> runs the same file in
/// LiteRT itself.
/// </remarks>
internal sealed class LiteRtGate : IPictureGate, IDisposable
{
    private const string ThresholdKey = "threshold";
    private const string PreprocessingKey = "preprocessing_version";
    private static readonly (string Name, long Length)[] Outputs =
        [("embedding", Networks.EmbeddingNetwork.EmbeddingSize), ("similarity", 1), ("accepted", 1)];

    private readonly GateGraph graph;

    private LiteRtGate(ReadOnlyMemory<byte> file)
    {
        var model = ModelFile.Read(file);
        Preprocessing = new Preprocessing(EdgeOf(model));
        Threshold = ThresholdOf(model);
        RequireOutputs(model);
        RequireDescription(model);
        graph = new GateGraph(model);
        using var scope = NewDisposeScope();
        graph.Run(zeros(1, Preprocessing.Edge, Preprocessing.Edge, 3)); // checks that every operation gives the declared type and shape
    }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <summary>The threshold in the metadata: a picture is accepted when its similarity is at least this.</summary>
    public float Threshold { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="TrainerException">The file is missing, or isn't a gate.</exception>
    public static LiteRtGate Open(string path)
    {
        try
        {
            return Load(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't read the model '{path}': {e.Message}", e);
        }
    }

    /// <summary>Loads a file's bytes.</summary>
    /// <param name="name">Name of the model in messages.</param>
    /// <exception cref="TrainerException">The bytes aren't a gate.</exception>
    public static LiteRtGate Load(byte[] model, string name)
    {
        try
        {
            return new LiteRtGate(model);
        }
        catch (Exception e) when (e is BrokenModelException or ExternalException or ArgumentException or OverflowException)
        {
            throw new TrainerException(
                $"'{name}' is no LiteRT gate of this trainer: {e.Message.Split('\n')[0].TrimEnd('.')}. Make one with 'trainer export "
                + "--tflite'.", e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="TrainerException">The model's decision doesn't follow from its threshold.</exception>
    public Judgement Judge(RgbImage picture)
    {
        using var scope = NewDisposeScope();
        var (_, similarity, accepted) = Run(Preprocessing.ToInput(picture));
        var judgement = new Judgement(similarity.item<float>(), accepted.item<float>() == 1);
        return judgement.Accepted == judgement.Similarity >= Threshold
            ? judgement
            : throw new TrainerException(
                "The exported LiteRT model decides by another threshold than its metadata says. This is a bug of the export.");
    }

    /// <inheritdoc/>
    public void Dispose() => graph.Dispose();

    /// <param name="pixels">E · E · 3, RGB, row by row.</param>
    /// <returns>float32 [1, 512], [1, 1], and [1, 1], 0 or 1.</returns>
    internal (Tensor Embedding, Tensor Similarity, Tensor Accepted) Run(byte[] pixels)
    {
        var outputs = graph.Run(
            tensor(pixels, [1, Preprocessing.Edge, Preprocessing.Edge, 3], dtype: ScalarType.Byte).to(ScalarType.Float32));
        return (outputs[0], outputs[1], outputs[2]);
    }

    private static int EdgeOf(ModelFile model)
    {
        var input = model.Inputs is [var only] ? model.Tensors[only]
            : throw new BrokenModelException($"it takes {model.Inputs.Length} inputs, expected one");
        var edge = Preprocessing.Edges.FirstOrDefault(known => known == input.Shape.ElementAtOrDefault(1));
        return edge > 0 && input is { Name: "image", Element: TensorElement.Unsigned, IsConstant: false }
            && input.Shape.SequenceEqual([1, edge, edge, 3])
            ? edge
            : throw new BrokenModelException(
                $"it takes '{input.Name}', {input.Element} [{string.Join(", ", input.Shape)}], expected 'image' of bytes, a square with an "
                    + $"edge of {string.Join(", ", Preprocessing.Edges)}");
    }

    private static void RequireOutputs(ModelFile model)
    {
        var outputs = model.Outputs.Select(place => model.Tensors[place]).ToArray();
        if (!outputs.Select(output => (output.Name, output.Shape[^1])).SequenceEqual(Outputs)
            || outputs.Any(output => output.Element != TensorElement.Float || output.Shape is not [1, _]))
        {
            throw new BrokenModelException(
                $"it makes [{string.Join(", ", outputs.Select(output => output.Name))}], expected "
                + $"{string.Join(", ", Outputs.Select(output => $"{output.Name} [1, {output.Length}]"))} of floats");
        }
    }

    /// <summary>Checks that the file's description for people and code generators matches what it does.</summary>
    private void RequireDescription(ModelFile model)
    {
        const float HalfRange = (float)Preprocessing.HalfRange;
        var told = TaskMetadata.Read(model);
        if (told.Threshold != Threshold || told.Edge != (Preprocessing.Edge, Preprocessing.Edge)
            || !told.Names.SequenceEqual(model.Inputs.Concat(model.Outputs).Select(place => model.Tensors[place].Name))
            || told.Mean is not [HalfRange] || told.Deviation is not [HalfRange])
        {
            throw new BrokenModelException($"its TFLite Metadata describe {told}, which it isn't");
        }
    }

    private static float ThresholdOf(ModelFile model)
    {
        if (model.Property(PreprocessingKey) is var version && version != Preprocessing.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new BrokenModelException(
                $"it expects preprocessing {version ?? "of no version"}, this trainer does {Preprocessing.Version}");
        }

        return float.TryParse(model.Property(ThresholdKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold)
            ? threshold
            : throw new BrokenModelException("the threshold is missing in its metadata");
    }
}
