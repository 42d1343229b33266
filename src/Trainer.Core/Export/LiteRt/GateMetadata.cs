using System.Globalization;
using Trainer.Core.Export.LiteRt.Schema;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;

namespace Trainer.Core.Export.LiteRt;

/// <summary>
/// TFLite Metadata: a description for Android Studio, code generators and people, stored as a FlatBuffer in the model's metadata.
/// </summary>
/// <remarks>
/// Uses the field numbers of metadata_schema.fbs, version 1.0; <see href="https://ai.google.dev/edge/litert/models/metadata"/>.
/// </remarks>
internal static class GateMetadata
{
    /// <summary>Name of the metadata entry that holds it.</summary>
    public const string Key = "TFLITE_METADATA";

    private const string Identifier = "M001";
    private const string ParserVersion = "1.0.0";
    private const int Features = 1, Image = 2;              // of the union ContentProperties
    private const int Normalisation = 1, Thresholding = 3; // of the union ProcessUnitOptions
    private const int Rgb = 1;

    public static byte[] Write(Centroid centroid, Threshold threshold, string trainerVersion, Preprocessing preprocessing)
    {
        var writer = new FlatWriter();
        var input = Tensor(writer, LiteRtGateModel.Input, string.Create(CultureInfo.InvariantCulture,
            $"The picture's centre square, upright, scaled to {preprocessing.Edge}x{preprocessing.Edge} by an antialiased filter; sRGB, "
            + $"bytes R G B. Scaling to [-1, 1] is inside the model."),
            Content(writer, Image, FlatField.Byte(0, Rgb),
                FlatField.Place(1, writer.Table(FlatField.Whole(0, preprocessing.Edge), FlatField.Whole(1, preprocessing.Edge)))),
            Unit(writer, Normalisation, FlatField.Place(0, writer.Floats([(float)Preprocessing.HalfRange])),
                FlatField.Place(1, writer.Floats([(float)Preprocessing.HalfRange]))));
        var embedding = Tensor(writer, LiteRtGateModel.Embedding, "The picture's embedding, of length 1.", Content(writer, Features));
        var similarity = Tensor(
            writer, LiteRtGateModel.Similarity, "Cosine of the embedding to the subject's centroid, -1 to 1.", Content(writer, Features),
            Unit(writer, Thresholding, FlatField.Float(0, threshold.Cosine)));
        var accepted = Tensor(
            writer, LiteRtGateModel.Accepted, Invariant($"1 when the similarity is at least {threshold.Cosine:R}, the threshold; else 0."),
            Content(writer, Features));
        var subgraph = writer.Table(
            FlatField.Place(0, writer.Text("gate")),
            FlatField.Place(2, writer.Places([input])),
            FlatField.Place(3, writer.Places([embedding, similarity, accepted])));
        return writer.Finish(
            writer.Table(
                FlatField.Place(0, writer.Text("Gate")),
                FlatField.Place(1, writer.Text(string.Create(CultureInfo.InvariantCulture,
                    $"{LiteRtGateModel.Description} Accepted when similarity >= {threshold.Cosine:R}. {threshold.Promise} Centroid's "
                    + $"SHA-256: {centroid.Sha256}."))),
                FlatField.Place(2, writer.Text(trainerVersion)),
                FlatField.Place(3, writer.Places([subgraph])),
                FlatField.Place(4, writer.Text("trainer")),
                FlatField.Place(7, writer.Text(ParserVersion))),
            Identifier);
    }

    private static int Tensor(FlatWriter writer, string name, string description, int content, params int[] units) => writer.Table(
        FlatField.Place(0, writer.Text(name)), FlatField.Place(1, writer.Text(description)), FlatField.Place(3, content),
        FlatField.Place(4, writer.Places(units)));

    private static int Content(FlatWriter writer, int kind, params FlatField[] properties) =>
        writer.Table(FlatField.Byte(0, kind), FlatField.Place(1, writer.Table(properties)));

    private static int Unit(FlatWriter writer, int kind, params FlatField[] options) =>
        writer.Table(FlatField.Byte(0, kind), FlatField.Place(1, writer.Table(options)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
