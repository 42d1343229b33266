using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Gates;

namespace Trainer.Core.Export.Onnx;

/// <summary>An exported gate, run by the package Trainer.Gate as in an app.</summary>
public sealed class OnnxGate : IPictureGate, IDisposable
{
    internal const string ThresholdKey = "threshold";
    internal const string PreprocessingKey = "preprocessing_version";
    internal const string SizeKey = "image_size";

    private readonly Gate gate;

    private OnnxGate(Gate gate, Preprocessing preprocessing) => (this.gate, Preprocessing) = (gate, preprocessing);

    /// <summary>A picture is accepted when its cosine is at least this.</summary>
    public float Threshold => gate.Threshold;

    /// <inheritdoc/>
    public Preprocessing Preprocessing { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="threads">Threads for one operation; at least 1.</param>
    /// <exception cref="TrainerException">The file is missing, or isn't an ONNX model of a gate.</exception>
    public static OnnxGate Open(string path, int threads)
    {
        if (Directory.Exists(path))
        {
            throw new TrainerException(File.Exists(new RunFolder(path).BestCheckpoint)
                ? $"'{path}' is a run's folder: name it with --run, or an exported file in it with --model."
                : $"'{path}' is a folder, and --model names a file that 'trainer export --onnx' wrote.");
        }

        try
        {
            return Load(File.ReadAllBytes(path), threads, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't read the model '{path}': {e.Message}", e);
        }
    }

    /// <summary>Loads a file's bytes.</summary>
    /// <inheritdoc cref="Open"/>
    /// <param name="name">Name of the file in messages.</param>
    public static OnnxGate Load(byte[] model, int threads, string name)
    {
        var metadata = ModelStructure.Require(model, name);
        OnnxEnvironment.Prepare();
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // leaves the cores to other threads
        options.AddSessionConfigEntry("session.use_env_allocators", "1"); // the allocators of OnnxEnvironment
        var gate = Guarded(() => Gate.Load(model, decode: null, options, name));
        try
        {
            return new OnnxGate(gate, PreprocessingOf(metadata, name));
        }
        catch (TrainerException)
        {
            gate.Dispose();
            throw;
        }
    }

    /// <summary>Cosines of pictures that are already cropped and resized.</summary>
    internal float[] Cosines(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var edge = batch.Edge;
        return [.. batch.Pixels.Chunk(3 * edge * edge).Select(pixels => Decide(pixels, edge, edge).Similarity)];
    }

    /// <inheritdoc/>
    /// <remarks>Any number of threads may ask at once.</remarks>
    public Judgement Judge(RgbImage picture) => JudgeWithEmbedding(picture).Judgement;

    /// <summary>Judges one picture, and gives its embedding too: unit length, [D]; empty where the file has no such output.</summary>
    /// <remarks>Any number of threads may ask at once.</remarks>
    public (Judgement Judgement, ReadOnlyMemory<float> Embedding) JudgeWithEmbedding(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var decision = gate.TakesPictures
            ? Decide(picture.Pixels, picture.Width, picture.Height)
            : Decide(Preprocessing.ToInput(picture), Preprocessing.Edge, Preprocessing.Edge);
        return (new Judgement(decision.Similarity, decision.Accepted, decision.CloserThan), decision.Embedding);
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    /// <param name="pixels">Bytes RGBRGB…; of the network's size when the model takes tensors.</param>
    private Decision Decide(byte[] pixels, int width, int height) =>
        Guarded(() => gate.TakesPictures ? gate.Judge(new Pixels(pixels, width, height))
            : gate.JudgePrepared(TensorPixels.Planes(pixels, width)));

    private static Preprocessing PreprocessingOf(IReadOnlyDictionary<string, string> metadata, string name)
    {
        if (metadata.GetValueOrDefault(PreprocessingKey) is var version
            && version != Preprocessing.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new TrainerException(
                $"'{name}' expects preprocessing {version}, this trainer does {Preprocessing.Version}. Export it again.");
        }

        return Preprocessing.Of(metadata.GetValueOrDefault(SizeKey))
            ?? throw new TrainerException(
                $"'{name}' is made for pictures of {metadata[SizeKey]} pixels a side; this trainer knows "
                + $"{string.Join(", ", Preprocessing.Edges)}. Use the trainer that wrote it.");
    }

    private static T Guarded<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (GateException e)
        {
            throw new TrainerException(e.Message, e);
        }
    }
}
