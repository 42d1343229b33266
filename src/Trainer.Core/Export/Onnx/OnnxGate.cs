using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Trainer.Core.Batching;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Validation;

namespace Trainer.Core.Export.Onnx;

/// <summary>An exported gate, run by ONNX Runtime.</summary>
public sealed class OnnxGate : IGate, IPictureGate, IDisposable
{
    internal const string ThresholdKey = "threshold";
    internal const string PreprocessingKey = "preprocessing_version";
    internal const string SizeKey = "image_size";

    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly GateInput input;
    private readonly string name;

    private OnnxGate(InferenceSession session, IReadOnlyDictionary<string, string> metadata, string name)
    {
        this.session = session;
        this.name = name;
        if (!session.InputMetadata.TryGetValue(OnnxGateModel.Input, out var image) || !image.IsTensor
            || !IsOutput(OnnxGateModel.Similarity, TensorElementType.Float) || !IsOutput(OnnxGateModel.Accepted, TensorElementType.Bool)
            || !float.TryParse(metadata.GetValueOrDefault(ThresholdKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold))
        {
            throw new TrainerException($"'{name}' is an ONNX model, but no gate: it lacks the input '{OnnxGateModel.Input}', the outputs "
                + $"'{OnnxGateModel.Similarity}' and '{OnnxGateModel.Accepted}', or the threshold in its metadata. Make one with 'trainer export --onnx'.");
        }

        if (metadata.GetValueOrDefault(PreprocessingKey) is var version && version != Preprocessing.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new TrainerException($"'{name}' expects preprocessing {version}, this trainer does {Preprocessing.Version}. Export it again.");
        }

        Preprocessing = Preprocessing.Of(metadata.GetValueOrDefault(SizeKey))
            ?? throw new TrainerException($"'{name}' is made for pictures of {metadata[SizeKey]} pixels a side; this trainer knows {string.Join(", ", Preprocessing.Edges)}. Use the trainer that wrote it.");
        Threshold = threshold;
        input = image.ElementDataType == TensorElementType.UInt8 ? GateInput.Picture : GateInput.Tensor;
    }

    private static string[] Outputs => [OnnxGateModel.Similarity, OnnxGateModel.Accepted];

    private bool IsOutput(string output, TensorElementType type) =>
        session.OutputMetadata.TryGetValue(output, out var known) && known.IsTensor && known.ElementDataType == type;

    /// <inheritdoc/>
    public float Threshold { get; }

    /// <inheritdoc cref="IGate.Preprocessing"/>
    public Preprocessing Preprocessing { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="threads">For one operation; at least 1.</param>
    /// <exception cref="TrainerException">The file is missing, no ONNX model, or no gate.</exception>
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
    /// <param name="name">For messages.</param>
    public static OnnxGate Load(byte[] model, int threads, string name)
    {
        var metadata = ModelStructure.Require(model, name);
        OnnxEnvironment.Prepare();
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // other threads want the cores too
        options.AddSessionConfigEntry("session.use_env_allocators", "1"); // of OnnxEnvironment
        InferenceSession? session = null;
        try
        {
            session = new InferenceSession(model, options);
            return new OnnxGate(session, metadata, name);
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainerException($"'{name}' is no ONNX model that ONNX Runtime reads: {e.Message}", e);
        }
        catch (TrainerException)
        {
            session?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public float[] Cosines(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return [.. Run(batch.Pixels, batch.Images.Count, batch.Edge, batch.Edge).Select(judgement => judgement.Similarity)];
    }

    /// <inheritdoc/>
    /// <remarks>Any number of threads may ask at once.</remarks>
    public Judgement Judge(RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return input == GateInput.Picture
            ? Run(picture.Pixels, 1, picture.Height, picture.Width)[0]
            : Run(Preprocessing.ToInput(picture), 1, Preprocessing.Edge, Preprocessing.Edge)[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        runOptions.Dispose();
        session.Dispose();
    }

    /// <param name="pixels">Bytes RGBRGB…, [count, height, width, 3]; of the network's size when the model takes tensors.</param>
    private Judgement[] Run(byte[] pixels, int count, int height, int width)
    {
        using var value = input == GateInput.Picture
            ? OrtValue.CreateTensorValueFromMemory(pixels, [count, height, width, 3])
            : TensorPixels.Of(pixels, width);
        using var outputs = Run(value, Outputs);
        var similarities = outputs[0].GetTensorDataAsSpan<float>();
        var accepted = outputs[1].GetTensorDataAsSpan<bool>();
        if (similarities.Length != count || accepted.Length != count)
        {
            throw new TrainerException($"'{name}' gives {similarities.Length} similarities and {accepted.Length} decisions for {Counted.Of(count, "picture")}; it is no gate.");
        }

        var judgements = new Judgement[count];
        for (var i = 0; i < count; i++)
        {
            judgements[i] = new Judgement(similarities[i], accepted[i]);
        }

        return judgements;
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(OrtValue pixels, string[] outputs)
    {
        try
        {
            return session.Run(runOptions, [OnnxGateModel.Input], [pixels], outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw new TrainerException($"'{name}' fails on a picture: {e.Message}", e);
        }
    }
}
