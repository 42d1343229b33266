using System.Runtime.InteropServices;
using Trainer.Core.Evaluation;
using Trainer.Core.Export.Proof.CoreMl.Layers;
using Trainer.Core.Export.Proof.CoreMl.Programs;
using Trainer.Core.Fitting;
using Trainer.Core.Imaging;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>
/// Reads an exported Core ML gate from its file and runs it with TorchSharp, so that an export can be proved without a Mac.
/// </summary>
/// <remarks>
/// It shares no code with the writers. It has its own readers of protobuf, of weight.bin and of each operation, by the public descriptions
/// of the formats, and refuses everything that a gate doesn't need. Float16 is simulated by rounding each result; a device may round
/// differently.
/// </remarks>
internal sealed class CoreMlGate : IPictureGate, IDisposable
{
    private static readonly Dictionary<long, string> Opsets = new() { [6] = "CoreML5", [7] = "CoreML6" };
    private readonly IGraph graph;

    private CoreMlGate(WireMessage model, BlobFile? blobs)
    {
        Specification = (int)model.Number(1);
        (Threshold, var edge) = ModelInterface.Read(model.Message(2, "the description", 1, 10, 100));
        Preprocessing = new Preprocessing(edge);
        graph = (Specification, blobs) switch
        {
            (4, null) => new NetworkGraph(model.Message(500, "the network", 1, 2, 5, 6)),
            (6 or 7, not null) => new ProgramGraph(model.Message(502, "the program", 1, 2), edge, Opsets[Specification], blobs),
            _ => throw new BrokenModelException(
                $"it is of specification {Specification}, expected 4 for an .mlmodel, 6 or 7 for an .mlpackage"),
        };
        RequireShapes();
    }

    /// <summary>The specification version: 4 needs iOS 13, 6 needs iOS 15, 7 needs iOS 16.</summary>
    public int Specification { get; }

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <summary>The threshold in the metadata: a picture is accepted when its similarity is at least this.</summary>
    public float Threshold { get; }

    /// <summary>Opens an .mlpackage folder or an .mlmodel file.</summary>
    /// <exception cref="TrainerException">The file is missing, or isn't a Core ML gate.</exception>
    public static CoreMlGate Open(string path)
    {
        try
        {
            return Directory.Exists(path)
                ? Load([.. Directory.GetFiles(path, "*", SearchOption.AllDirectories)
                    .Select(file => (Path.GetRelativePath(path, file).Replace('\\', '/'), File.ReadAllBytes(file)))], path)
                : Load(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't read the model '{path}': {e.Message}", e);
        }
    }

    /// <summary>Loads an .mlpackage's files.</summary>
    /// <param name="files">Each file's path inside the package, and its content.</param>
    /// <param name="name">Name of the model in messages.</param>
    /// <exception cref="TrainerException">The files aren't a Core ML gate.</exception>
    public static CoreMlGate Load(IReadOnlyList<(string Path, byte[] Content)> files, string name) => Named(name, () =>
    {
        var package = PackageFiles.Find(files.ToDictionary(file => file.Path, file => file.Content));
        return new CoreMlGate(Model(package.Model), new BlobFile(package.Weights));
    });

    /// <summary>Loads an .mlmodel's bytes.</summary>
    /// <inheritdoc cref="Load(IReadOnlyList{ValueTuple{string, byte[]}}, string)"/>
    public static CoreMlGate Load(byte[] model, string name) => Named(name, () => new CoreMlGate(Model(model), blobs: null));

    /// <inheritdoc/>
    /// <exception cref="TrainerException">The model's decision doesn't follow from its threshold.</exception>
    public Judgement Judge(RgbImage picture)
    {
        using var scope = NewDisposeScope();
        var outputs = Run(Pixels(Preprocessing.ToInput(picture)));
        var judgement = new Judgement(outputs.Similarity.item<float>(), outputs.Accepted.item<float>() == 1);
        return judgement.Accepted == judgement.Similarity >= Threshold
            ? judgement
            : throw new TrainerException(
                "The exported Core ML model decides by another threshold than its metadata says. This is a bug of the export.");
    }

    /// <inheritdoc/>
    public void Dispose() => graph.Dispose();

    /// <param name="pixels">float32 [1, 3, E, E], 0 to 255.</param>
    internal GraphOutputs Run(Tensor pixels)
    {
        using var _ = no_grad();
        return graph.Run(pixels);
    }

    /// <param name="bytes">E · E · 3, RGB, row by row.</param>
    internal Tensor Pixels(byte[] bytes) =>
        tensor(bytes, [1, Preprocessing.Edge, Preprocessing.Edge, 3], dtype: ScalarType.Byte).permute(0, 3, 1, 2).to(ScalarType.Float32);

    /// <summary>Runs one picture, and checks that every operation gives the declared type and shape.</summary>
    private void RequireShapes()
    {
        using var scope = NewDisposeScope();
        var outputs = Run(zeros(1, 3, Preprocessing.Edge, Preprocessing.Edge));
        Require(ModelInterface.Embedding, outputs.Embedding, Embedder.EmbeddingSize);
        Require(ModelInterface.Similarity, outputs.Similarity, 1);
        Require(ModelInterface.Accepted, outputs.Accepted, 1);

        static void Require(string name, Tensor output, long length)
        {
            if (!output.shape.SequenceEqual([1, length]))
            {
                throw new BrokenModelException($"its output {name} is [{string.Join(", ", output.shape)}], described as [1, {length}]");
            }
        }
    }

    private static WireMessage Model(ReadOnlyMemory<byte> bytes) => new(bytes, "the model", 1, 2, 500, 502);

    private static CoreMlGate Named(string name, Func<CoreMlGate> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is BrokenModelException or ExternalException)
        {
            throw new TrainerException(
                $"'{name}' is no Core ML gate of this trainer: {e.Message.Split('\n')[0].TrimEnd('.')}. Make one with 'trainer export "
                + "--coreml'.", e);
        }
    }
}
