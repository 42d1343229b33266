using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Trainer.Gates;

/// <summary>Runs a gate from <c>trainer export --onnx</c> by ONNX Runtime, and tells whether a photo shows the subject.</summary>
/// <remarks>
/// The file contains cropping, resizing, normalisation, network, centroid and threshold; this class decides nothing. Any number of threads
/// may use a gate at once. Dispose it when none of them uses it any more. A model is a program: load only files from people you trust.
/// </remarks>
public sealed class Gate : IDisposable
{
    private const string Input = "image";
    private const string Embedding = "embedding", Similarity = "similarity", Accepted = "accepted", CloserThan = "closer_than";
    private const string ThresholdKey = "threshold";

    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly Func<Stream, Pixels>? decode;
    private readonly string name;
    private readonly string[] outputs;

    private Gate(InferenceSession session, Func<Stream, Pixels>? decode, string name)
    {
        (this.session, this.decode, this.name) = (session, decode, name);
        Metadata = session.ModelMetadata.CustomMetadataMap;
        if (!session.InputMetadata.TryGetValue(Input, out var image) || !image.IsTensor
            || !HasOutput(Similarity, TensorElementType.Float) || !HasOutput(Accepted, TensorElementType.Bool)
            || !float.TryParse(
                Metadata.GetValueOrDefault(ThresholdKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold))
        {
            throw new GateException($"'{name}' is an ONNX model, but no gate: it lacks the input '{Input}', the outputs "
                + $"'{Similarity}' and '{Accepted}', or the threshold in its metadata. Make one with 'trainer export --onnx'.");
        }

        Threshold = threshold;
        TakesPictures = image.ElementDataType == TensorElementType.UInt8;
        outputs = [Similarity, Accepted, .. new[] { Embedding, CloserThan }.Where(output => HasOutput(output, TensorElementType.Float))];
    }

    /// <summary>The similarity from which a picture is accepted, for display and logs; the file makes the decision itself.</summary>
    public float Threshold { get; }

    /// <summary>
    /// True if the file takes pictures of any size; false if it was written with <c>--input tensor</c>, and the app prepares the pixels.
    /// </summary>
    public bool TakesPictures { get; }

    /// <summary>The file's metadata: <c>promised_accept_rate</c>, <c>centroid_sha256</c>, <c>precision</c> and more.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Loads a file.</summary>
    /// <param name="path">The path of a .onnx file.</param>
    /// <param name="decode">
    /// Decodes a photo for <see cref="Judge(Stream)"/> into upright (EXIF) sRGB pixels. Several threads may call it at once.
    /// </param>
    /// <param name="session">
    /// ONNX Runtime's options; the caller disposes them. When null, a gate runs on the calling thread, in a few milliseconds.
    /// </param>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to read the file.</exception>
    /// <exception cref="GateException">The file isn't a gate.</exception>
    public static Gate Load(string path, Func<Stream, Pixels>? decode = null, SessionOptions? session = null) =>
        Load(File.ReadAllBytes(path), decode, session, path);

    /// <summary>Loads a gate from the bytes of a file, for example from an app package, where the file has no path.</summary>
    /// <param name="model">The file's bytes; they aren't needed afterwards.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <inheritdoc cref="Load(string, Func{Stream, Pixels}, SessionOptions)" path="/param[@name='decode']|/param[@name='session']"/>
    /// <exception cref="GateException">The bytes aren't a gate.</exception>
    public static Gate Load(byte[] model, Func<Stream, Pixels>? decode = null, SessionOptions? session = null, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        using var usual = session is null ? OneThread() : null;
        InferenceSession? loaded = null;
        try
        {
            loaded = new InferenceSession(model, session ?? usual!); // one of the two isn't null
            return new Gate(loaded, decode, name);
        }
        catch (OnnxRuntimeException e)
        {
            loaded?.Dispose();
            throw new GateException($"'{name}' is no ONNX model that ONNX Runtime reads: {e.Message}", e);
        }
        catch (GateException)
        {
            loaded?.Dispose();
            throw;
        }
    }

    /// <summary>Judges a decoded picture.</summary>
    /// <exception cref="GateException">The model fails on the picture, or <see cref="TakesPictures"/> is false.</exception>
    public Decision Judge(Pixels picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!TakesPictures)
        {
            throw new GateException(
                $"'{name}' takes prepared pixels, not pictures. Export it without '--input tensor', or call JudgePrepared.");
        }

        using var value = OrtValue.CreateTensorValueFromMemory(picture.Rgb, [1, picture.Height, picture.Width, 3]);
        return Run(value);
    }

    /// <summary>Decodes a photo and judges it.</summary>
    /// <param name="photo">An encoded picture, read by the decoder that the gate was loaded with.</param>
    /// <exception cref="InvalidOperationException">The gate was loaded without a decoder.</exception>
    /// <inheritdoc cref="Judge(Pixels)"/>
    public Decision Judge(Stream photo) => Judge(
        (decode ?? throw new InvalidOperationException(
            "This gate has no decoder. Give one to Gate.Load, or decode the photo and hand over its pixels."))(photo));

    /// <summary>Judges pixels that the app has prepared, for a file written with <c>--input tensor</c>.</summary>
    /// <param name="planes">
    /// The cropped, resized and normalised pixels, x / 127.5 − 1: first all red values, then green, then blue, [3, E, E]. E is
    /// <see cref="Metadata"/>'s <c>image_size</c>.
    /// </param>
    /// <exception cref="ArgumentException">The array isn't three planes of a square.</exception>
    /// <exception cref="GateException">The model fails on the pixels, or <see cref="TakesPictures"/> is true.</exception>
    public Decision JudgePrepared(float[] planes)
    {
        ArgumentNullException.ThrowIfNull(planes);
        if (TakesPictures)
        {
            throw new GateException($"'{name}' prepares pictures itself. Call Judge.");
        }

        var edge = (int)Math.Round(Math.Sqrt(planes.Length / 3.0));
        if (planes.Length == 0 || planes.Length != 3 * edge * edge)
        {
            throw new ArgumentException($"{planes.Length} numbers are not three planes of a square.", nameof(planes));
        }

        using var value = OrtValue.CreateTensorValueFromMemory(planes, [1, 3, edge, edge]);
        return Run(value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        runOptions.Dispose();
        session.Dispose();
    }

    private static SessionOptions OneThread() => new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };

    private bool HasOutput(string output, TensorElementType type) =>
        session.OutputMetadata.TryGetValue(output, out var known) && known.IsTensor && known.ElementDataType == type;

    private Decision Run(OrtValue picture)
    {
        try
        {
            using var found = session.Run(runOptions, [Input], [picture], outputs);
            float[] Numbers(string output) =>
                Array.IndexOf(outputs, output) is var at and >= 0 ? found[at].GetTensorDataAsSpan<float>().ToArray() : [];
            var similarities = found[0].GetTensorDataAsSpan<float>();
            var accepted = found[1].GetTensorDataAsSpan<bool>();
            return similarities.Length == 1 && accepted.Length == 1
                ? new Decision(accepted[0], similarities[0], Numbers(Embedding), Numbers(CloserThan) is [var share] ? share : null)
                : throw new GateException(
                    $"'{name}' gives {similarities.Length} similarities and {accepted.Length} decisions for one picture; it is no gate.");
        }
        catch (OnnxRuntimeException e)
        {
            throw new GateException($"'{name}' fails on a picture: {e.Message}", e);
        }
    }
}
