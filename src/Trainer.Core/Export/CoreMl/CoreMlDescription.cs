using System.Globalization;
using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Imaging;

namespace Trainer.Core.Export.CoreMl;

/// <summary>The description of a gate in both Core ML formats: its input, its outputs, and metadata for the app.</summary>
internal static class CoreMlDescription
{
    /// <summary>Name of the input, a square RGB picture.</summary>
    public const string Input = "image";

    /// <summary>Name of the output with the unit embedding: float32 [1, 512].</summary>
    public const string Embedding = "embedding";

    /// <summary>Name of the output with the cosine to the centroid: float32 [1, 1].</summary>
    public const string Similarity = "similarity";

    /// <summary>Name of the output that is 1 for accepted, 0 for rejected: float32 [1, 1].</summary>
    public const string Accepted = "accepted";

    /// <summary>Key of the threshold in the user-defined metadata.</summary>
    public const string ThresholdKey = "threshold";

    /// <summary>Key of <see cref="Preprocessing.Version"/>.</summary>
    public const string PreprocessingKey = "preprocessing_version";

    public static ModelDescription Of(CoreMlSource source) => new()
    {
        Input =
        {
            new FeatureDescription
            {
                Name = Input,
                ShortDescription =
                $"The picture's centre square, upright, scaled to {source.Preprocessing.Edge}x{source.Preprocessing.Edge}, sRGB. With "
                    + "Vision: imageCropAndScaleOption = .centerCrop.",
                Type = new FeatureType
                {
                    ImageType = new ImageFeatureType { Width = source.Preprocessing.Edge, Height = source.Preprocessing.Edge,
                        ColorSpace = ImageFeatureType.Types.ColorSpace.Rgb },
                },
            },
        },
        Output =
        {
            Floats(Embedding, "The picture's embedding, of length 1.", source.Centroid.Values.Length),
            Floats(Similarity, "Cosine of the embedding to the subject's centroid, -1 to 1.", 1),
            Floats(Accepted, Invariant($"1 when the similarity is at least {source.Threshold.Cosine:R}, the threshold; else 0."), 1),
        },
        Metadata = new Metadata
        {
            ShortDescription = "A gate that accepts pictures of one subject and rejects everything else.",
            Author = "trainer",
            VersionString = source.TrainerVersion,
            UserDefined = { UserDefined(source) },
        },
    };

    private static Dictionary<string, string> UserDefined(CoreMlSource source) => new()
    {
        [ThresholdKey] = Invariant($"{source.Threshold.Cosine:R}"),
        ["decision"] = "accepted when similarity >= threshold",
        ["promised_accept_rate"] = Invariant($"{source.Threshold.PromisedAcceptRate:R}"),
        ["promise"] = source.Threshold.Promise,
        ["centroid_sha256"] = source.Centroid.Sha256,
        [PreprocessingKey] = Invariant($"{Preprocessing.Version}"),
        ["preprocessing"] = source.Preprocessing.Description,
        ["crop"] =
        $"centre square, then antialiased to {source.Preprocessing.Edge}x{source.Preprocessing.Edge}; Vision's .centerCrop. Scaling to "
            + "[-1, 1] is inside the model",
        ["precision"] = source.Precision.ToString().ToLowerInvariant(),
        ["trainer_version"] = source.TrainerVersion,
    };

    private static FeatureDescription Floats(string name, string description, int length) => new()
    {
        Name = name,
        ShortDescription = description,
        Type = new FeatureType
        {
            MultiArrayType = new ArrayFeatureType { Shape = { 1, length }, DataType = ArrayFeatureType.Types.ArrayDataType.Float32 },
        },
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
