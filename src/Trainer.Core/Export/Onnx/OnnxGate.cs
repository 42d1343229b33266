using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Trainer.Core.Batching;
using Trainer.Core.Imaging;
using Trainer.Core.Validation;

namespace Trainer.Core.Export.Onnx;

/// <summary>An exported gate, run by ONNX Runtime.</summary>
public sealed class OnnxGate : IGate, IDisposable
{
    internal const string ThresholdKey = "threshold";
    internal const string PreprocessingKey = "preprocessing_version";

    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();

    private OnnxGate(InferenceSession session, string name)
    {
        this.session = session;
        var metadata = session.ModelMetadata.CustomMetadataMap;
        var isOurs = session.InputMetadata.ContainsKey(OnnxGateModel.Input) && session.OutputMetadata.ContainsKey(OnnxGateModel.Similarity);
        if (!isOurs || !float.TryParse(metadata.GetValueOrDefault(ThresholdKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold))
        {
            throw new TrainerException($"'{name}' is an ONNX model, but no gate: it lacks the input '{OnnxGateModel.Input}', the output "
                + $"'{OnnxGateModel.Similarity}' or the threshold in its metadata. Make one with 'trainer export --onnx'.");
        }

        if (metadata.GetValueOrDefault(PreprocessingKey) is var version && version != Preprocessing.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new TrainerException($"'{name}' expects preprocessing {version}, this trainer does {Preprocessing.Version}. Export it again.");
        }

        Threshold = threshold;
    }

    /// <inheritdoc/>
    public float Threshold { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="threads">For one operation; at least 1.</param>
    /// <exception cref="TrainerException">The file is missing, no ONNX model, or no gate.</exception>
    public static OnnxGate Open(string path, int threads)
    {
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
        using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); // other threads want the cores too
        InferenceSession? session = null;
        try
        {
            session = new InferenceSession(model, options);
            return new OnnxGate(session, name);
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
        long[] shape = [batch.Images.Count, 3, Preprocessing.ImageSize, Preprocessing.ImageSize];
        using var input = OrtValue.CreateTensorValueFromMemory(Planes(batch), shape);
        using var outputs = session.Run(runOptions, [OnnxGateModel.Input], [input], [OnnxGateModel.Similarity]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        runOptions.Dispose();
        session.Dispose();
    }

    /// <summary>Bytes RGBRGB… to normalised planes, float32 [N, 3, H, W].</summary>
    private static float[] Planes(Batch batch)
    {
        const int Plane = Preprocessing.ImageSize * Preprocessing.ImageSize;
        var planes = new float[batch.Pixels.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            var (picture, inPicture) = Math.DivRem(i, Plane * 3);
            var (channel, place) = Math.DivRem(inPicture, Plane);
            planes[i] = (float)((batch.Pixels[(picture * Plane * 3) + (place * 3) + channel] / Preprocessing.HalfRange) - 1);
        }

        return planes;
    }
}
